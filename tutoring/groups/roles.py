"""Roles of staff given and ended, beside what the staff file brings; one role for several houses or years."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, YEAR_ROLES, Role
from accounts.models import House, Membership, School, User
from accounts.reach_words import places_in_words
from accounts.role_words import RoleWord
from audit.services import record
from core.ids import UUID
from core.turns import take_turn
from tutoring.groups.models import CaseloadEntry, TutorAssignment

DAY = dt.timedelta(days=1)
ENDED_ALREADY = "It was ended already."


class NoRoleError(Exception):
    """`field` of the form and why it cannot be so."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True)
class RoleLine:
    """What one person does in one role, for the same time: "Head of year, Years 7 to 9" is one line of three."""

    held: list[Membership]

    @property
    def first(self) -> Membership:
        return self.held[0]

    @property
    def called(self) -> RoleWord:
        return self.first.called

    @property
    def places(self) -> str:
        return places_in_words(self.held)

    @property
    def groups(self) -> list[str]:
        """The tutor groups of the memberships, where they were read with them."""
        return list(dict.fromkeys(str(link.group) for one in self.held for link in vars(one).get("assigned", [])))

    @property
    def singly(self) -> int:
        """How many single students, where that was counted."""
        return sum(vars(one).get("singly") or 0 for one in self.held)


def role_lines(held: Iterable[Membership]) -> list[RoleLine]:
    """Memberships of one person, those of one role and one time together, in the order in which they come."""
    lines: dict[tuple[Any, ...], list[Membership]] = {}
    for one in held:
        away = one.stands_in_for.user_id if one.stands_in_for else None
        soon = one.starts_on if one.starts_on > timezone.localdate() else None
        lines.setdefault((one.role, away, soon, one.ends_on), []).append(one)
    return [RoleLine(together) for together in lines.values()]


def roles_open(school: School | None) -> QuerySet[Membership]:
    """People's own roles at the school, of today and later; not what they stand in for."""
    still = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    return Membership.objects.filter(still, school=school, stands_in_for=None)


@transaction.atomic
def give_role(
    *, by: User, person: User, role: Role, houses: Sequence[House], years: Sequence[int], starts_on: dt.date
) -> list[Membership]:
    """A membership for each house, year, or year of a house, but for those held; NoRoleError says why not."""
    _check(by, person, role, houses, years)
    take_turn(f"roles:{person.pk}")
    of_houses: list[UUID | None] = [house.pk for house in houses]
    of_years: list[int | None] = list(years)
    places = list(product(of_houses or [None], of_years or [None]))
    has = set(
        roles_open(person.school).filter(user=person, role=role, ends_on=None).values_list("house_id", "year_group")
    )
    new = [place for place in places if place not in has]
    if not new:
        raise NoRoleError("role", f"{person} has this role already.")
    made = [
        Membership(user=person, school=person.school, role=role, house_id=house, year_group=year, starts_on=starts_on)
        for house, year in new
    ]
    Membership.objects.bulk_create(made)
    record("role.given", by=by, obj=person, role=role.value, first_day=str(starts_on), **_places(made))
    return made


def _check(by: User, person: User, role: Role, houses: Sequence[House], years: Sequence[int]) -> None:
    if person.pk == by.pk:
        raise NoRoleError("role", "Nobody gives themselves a role. A colleague who manages the staff does it.")
    if role in HOUSE_ROLES and not houses:
        raise NoRoleError("houses", "Choose where: this role is for one or several of them.")
    if role in YEAR_ROLES and not years:
        raise NoRoleError("years", "Choose the years: this role is for one or several of them.")
    if role in ASSIGNED_ROLES and (houses or years):
        raise NoRoleError("role", "This role has the groups and students it is given; leave houses and years empty.")


def _places(held: Iterable[Membership]) -> dict[str, Any]:
    rows = list(held)
    return {
        "houses": sorted({str(one.house_id) for one in rows if one.house_id}),
        "years": sorted({one.year_group for one in rows if one.year_group}),
    }


@transaction.atomic
def end_roles(*, by: User, memberships: Iterable[Membership]) -> list[str]:
    """The lines of these memberships of one person, all or none; returns what each was called."""
    return [end_role(by=by, membership=membership) for membership in memberships]


@transaction.atomic
def end_role(*, by: User, membership: Membership) -> str:
    """Everything of its line (`role_lines`) ends yesterday, with its groups and students; returns what it was called.

    What began today or has not begun is taken away, else it were in force until midnight: the record and the history
    keep it.
    """
    person, today = membership.user, timezone.localdate()
    take_turn(f"roles:{person.pk}")
    if person.pk == by.pk:
        raise NoRoleError("role", "Nobody ends a role of their own. A colleague who manages the staff does it.")
    rows = roles_open(person.school).filter(user=person, role=membership.role, ends_on=membership.ends_on)
    lines = role_lines(rows.select_related("house", "school", "stands_in_for"))
    line = next((line for line in lines if membership in line.held), None)
    if line is None:
        raise NoRoleError("role", ENDED_ALREADY)
    keys = [one.pk for one in line.held]
    record("role.ended", by=by, obj=person, role=membership.role, **_places(line.held))
    for links in (TutorAssignment, CaseloadEntry):
        of_them = links.objects.filter(membership__in=keys)
        of_them.filter(starts_on__gte=today).delete()
        of_them.filter(Q(ends_on=None) | Q(ends_on__gte=today)).update(ends_on=today - DAY)
    Membership.objects.filter(pk__in=keys, starts_on__gte=today).delete()
    Membership.objects.filter(pk__in=keys).update(ends_on=today - DAY)
    return ", ".join(filter(None, (line.called, line.places)))
