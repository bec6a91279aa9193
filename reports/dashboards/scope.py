"""Which part of the school a dashboard is about: all that one answers for, narrowed by house, year or group."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet

from accounts.enums import WHOLE_SCHOOL_ROLES
from accounts.models import User
from accounts.permissions import Permission, roles_with
from accounts.reach_words import places_in_words
from core.ids import UUID
from reports.dashboards.selectors import places_of
from students.models import Student
from students.selectors import students_on_roll
from tutoring.groups.selectors import students_visible_to, students_with_group

NONE = "none"  # in an address: those without a house, a year or a group


@dataclass(frozen=True)
class Place:
    """A choice of the switcher: the value in the address and its label."""

    value: str
    label: str


@dataclass(frozen=True)
class Scope:
    """The students, the filters in force (name → value of the address), and the houses and years to choose from."""

    students: QuerySet[Student]
    chosen: Mapping[str, str]
    houses: list[Place]
    years: list[Place]

    @property
    def query(self) -> str:
        return urlencode(self.chosen)

    @property
    def name(self) -> str:
        """The house, the year, both, or "" for everybody one answers for."""
        house = _label(self.houses, self.chosen.get("house") or _only(self.houses))
        year = _label(self.years, self.chosen.get("year") or _only(self.years))
        return ", ".join(part for part in (house, year) if part)


def scope_of(user: User, asked: Mapping[str, str]) -> Scope:
    """The scope this address asks for, never more than the person answers for; what makes no sense is left out."""
    visible = students_on_roll(students_visible_to(user, Permission.VIEW_DASHBOARD))
    places = places_of(visible)
    houses = list(dict.fromkeys(Place(str(pk or NONE), name or "No house") for pk, name, _ in places))
    years = sorted({year for _, _, year in places if year})
    year_places = [Place(str(year), f"Year {year}") for year in years]
    if any(year is None for _, _, year in places):
        year_places.append(Place(NONE, "No year"))
    chosen = {}
    if asked.get("house") in {p.value for p in houses}:
        chosen["house"] = asked["house"]
    if asked.get("year") in {p.value for p in year_places}:
        chosen["year"] = asked["year"]
    if group := _group(asked.get("group", "")):
        chosen["group"] = group
    return Scope(_narrowed(visible, chosen), chosen, houses, year_places)


def _narrowed(students: QuerySet[Student], chosen: Mapping[str, str]) -> QuerySet[Student]:
    students = students_with_group(students)
    for name, field in (("house", "house_id"), ("year", "year_group"), ("group", "group_id")):
        if chosen.get(name) == NONE:
            students = students.filter(**{f"{field}__isnull": True})
        elif name in chosen:
            students = students.filter(**{field: chosen[name]})
    return students


def _group(value: str) -> str:
    if value == NONE:
        return value
    try:
        return str(UUID(value))
    except ValueError:
        return ""


def _label(places: list[Place], value: str) -> str:
    return next((place.label for place in places if place.value == value), "")


def _only(places: list[Place]) -> str:
    return places[0].value if len(places) == 1 else ""


def dashboard_label(user: User) -> str:
    """What the side bar calls this person's dashboard: "Becket dashboard", "Year 9 dashboard", "School dashboard"."""
    memberships = [m for m in user.current_memberships if m.role in roles_with(Permission.VIEW_DASHBOARD)]
    if any(m.role in WHOLE_SCHOOL_ROLES and not m.house_id and not m.year_group for m in memberships):
        return "School dashboard"
    return f"{places_in_words(memberships)} dashboard"
