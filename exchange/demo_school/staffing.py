"""Houses, tutor groups and the colleagues who look after them; the demo's named people stand in their places."""

import random
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from accounts.demo import DEMO_ACCOUNTS, DEMO_DOMAIN, DEMO_SCHOOL
from accounts.enums import Role
from exchange.demo_school import bank
from exchange.demo_school.identifiers import Keys
from exchange.demo_school.people import Colleague, Group, House
from exchange.demo_school.school_year import Calendar

HOUSES = ("Becket", "Curie", "Seacole", "Turing")
ROOMS = {
    "English": "E",
    "Mathematics": "M",
    "Science": "S",
    "Languages": "L",
    "Technology": "T",
    "Arts": "A",
    "Sport": "G",
}
# A tutor group of years 7 to 11 and one of the sixth form, and the size at which a house's year is split in two.
USUAL, USUAL_SIXTH, LARGEST = 27, 20, 31
SIXTH_FORM = (12, 13)


@dataclass
class Staff:
    """Everybody who works at the school, by what they do."""

    people: list[Colleague] = field(default_factory=list)
    by_role: dict[Role, list[Colleague]] = field(default_factory=dict)
    scopes: dict[tuple[Colleague, Role], dict[str, Any]] = field(default_factory=dict)

    def first(self, role: Role) -> Colleague:
        """The one who stands for the role in the demo."""
        return self.by_role[role][0]


class Hiring:
    """Takes on colleagues one after another: first the named ones, then invented ones with names not yet used."""

    def __init__(self, school_name: str, keys: Keys, chance: random.Random, calendar: Calendar) -> None:
        self.staff, self._keys, self._chance, self._calendar = (Staff(), keys, chance, calendar)
        self.domain = domain_of(school_name)
        self._taken = {account.name for account in DEMO_ACCOUNTS} | set(bank.read("names")["never"])
        self._emails: set[str] = set()
        self._departments = _departments(chance)

    def hire(self, role: Role, department: str = "", *, named: bool = False, **scope: Any) -> Colleague:
        """A new colleague in the role: the demo's own person for it, or an invented one."""
        if named:
            account = next(account for account in DEMO_ACCOUNTS if account.role == role)
            title, first, last = account.title, account.first_name, account.last_name
            email = f"{account.local_part}@{self.domain}"
        else:
            title, first, last = self._invent()
            email = self._email(first, last)
        number = len(self.staff.people)
        department = department or self._departments[number % len(self._departments)]
        since = self._calendar.first_day_of_year(
            self._calendar.current.year - self._chance.choice((1, 1, 2, 3, 4, 6, 9))
        )
        person = Colleague(
            self._keys.new(), title, first, last, email, f"{last[:3].upper()}{number:02d}", department,
            f"{ROOMS.get(department, 'H')}{self._chance.randint(1, 14)}", since,
        )  # fmt: skip
        person.named = named
        self.staff.people.append(person)
        self.add_role(person, role, **scope)
        return person

    def add_role(self, person: Colleague, role: Role, **scope: Any) -> None:
        """One more thing that this colleague does."""
        person.memberships[role] = self._keys.new()
        self.staff.by_role.setdefault(role, []).append(person)
        self.staff.scopes[person, role] = scope

    def _invent(self) -> tuple[str, str, str]:
        names, chance = bank.read("names"), self._chance
        while True:
            woman = chance.random() < 0.62
            first = chance.choice(names["staff"]["women" if woman else "men"])
            last = chance.choice(
                chance.choices(names["heritage"], [h["share"] for h in names["heritage"]])[0]["surnames"]
            )
            crowded = len(self.staff.people) > 800
            if crowded or f"{first} {last}" not in self._taken:
                self._taken.add(f"{first} {last}")
                title = chance.choices(
                    ("Mrs", "Ms", "Miss", "Dr") if woman else ("Mr", "Dr"), (5, 4, 4, 1) if woman else (12, 1)
                )
                return title[0], first, last

    def _email(self, first: str, last: str) -> str:
        base = f"{first}.{last}".lower().replace(" ", "").replace("'", "")
        email, number = f"{base}@{self.domain}", 1
        while email in self._emails:
            number += 1
            email = f"{base}{number}@{self.domain}"
        self._emails.add(email)
        return email


def domain_of(school_name: str) -> str:
    """The e-mail domain of an invented school, under the top-level domain that is kept for examples (RFC 2606)."""
    if school_name == DEMO_SCHOOL:
        return DEMO_DOMAIN
    return "".join(c if c.isalnum() else "-" for c in school_name.lower()).strip("-") + ".example"


def found_houses(students: int, keys: Keys) -> list[House]:
    """Four houses; a small school needs fewer."""
    return [House(keys.new(), name) for name in HOUSES[: max(1, min(4, round(students / 150)))]]


def form_groups(students: int, houses: list[House], hiring: Hiring, keys: Keys, chance: random.Random) -> list[Group]:
    """Tutor groups 7BEC … 13CUR, each with its tutor, so that all students have a place."""
    sixth = houses[: max(1, len(houses) // 2)]
    weights = {year: USUAL_SIXTH * len(sixth) if year in SIXTH_FORM else USUAL * len(houses) for year in range(7, 14)}
    groups: list[Group] = []
    left, weight_left = students, sum(weights.values())
    for year, weight in weights.items():
        in_year = round(left * weight / weight_left)
        left, weight_left = left - in_year, weight_left - weight
        homes = sixth if year in SIXTH_FORM else houses
        parts = ceil(in_year / len(homes) / LARGEST) or 1
        places = [(house, part) for part in range(parts) for house in homes]
        for n, (house, part) in enumerate(places):
            size = in_year // len(places) + (n < in_year % len(places))
            name = f"{year}{house.code}{part + 1 if part else ''}"
            groups.append(_group(name, year, house, part, size, hiring, keys, chance))
    _make_room_in_first(groups)
    return groups


def _group(
    name: str, year: int, house: House, part: int, size: int, hiring: Hiring, keys: Keys, chance: random.Random
) -> Group:
    priya = name == "11BEC"
    tutor = hiring.hire(Role.TUTOR, "Geography" if priya else "", named=priya)
    hiring.add_role(tutor, Role.SUBJECT_TEACHER)
    seen = 0.65 if priya else chance.triangular(0.35, 0.95, 0.7)
    written = 0.55 if priya else chance.choice((0, 0.2, 0.45, 0.6, 0.8, 1))
    if priya:
        tutor.room = "H4"
    return Group(keys.new(), name, year, house, part, size, tutor, seen, written)


def _make_room_in_first(groups: list[Group]) -> None:
    """The group of the pictures has its 28 wherever its year can spare them."""
    year = [group for group in groups if group.year == 11]
    first, others = year[0], year[1:]
    while others and 20 <= first.size != 28:
        other = max(others, key=lambda g: g.size) if first.size < 28 else min(others, key=lambda g: g.size)
        step = 1 if first.size < 28 else -1
        first.size, other.size = first.size + step, other.size - step


def appoint(students: int, houses: list[House], groups: list[Group], hiring: Hiring) -> Staff:
    """Everybody besides the tutors: leaders of houses and years, specialists, the office, teachers without a group."""
    schools = max(1, round(students / 600))
    for n, house in enumerate(houses):
        head = hiring.hire(Role.HEAD_OF_HOUSE, named=n == 0, house_id=house.id)
        deputy = hiring.hire(Role.DEPUTY_HEAD_OF_HOUSE, named=n == 0, house_id=house.id)
        house.leaders = [head, deputy]
        if n:
            hiring.add_role(head, Role.SUBJECT_TEACHER)
            hiring.add_role(deputy, Role.SUBJECT_TEACHER)
    for n, year in enumerate((11, 7, 12)):
        hiring.hire(Role.HEAD_OF_YEAR, named=n == 0, year_group=year)
    for role in (Role.SENCO, Role.DSL, Role.DEPUTY_DSL, Role.HEADTEACHER, Role.DATA_MANAGER, Role.ATTENDANCE_OFFICER):
        hiring.hire(role, named=True)
    for n in range(2):
        hiring.hire(Role.SENIOR_LEADER, named=n == 0)
    for n in range(schools):
        hiring.hire(Role.ONE_TO_ONE_TUTOR, named=n == 0)
        hiring.hire(Role.CONTRIBUTOR, named=n == 0)
    hiring.hire(Role.SUBJECT_TEACHER, "Mathematics", named=True)
    for _ in range(max(3, len(groups) // 5)):
        hiring.hire(Role.SUBJECT_TEACHER)
    hiring.hire(Role.NURSE, named=True)
    hiring.hire(Role.CHAIR, named=True)
    return hiring.staff


def _departments(chance: random.Random) -> list[str]:
    """Departments in the order of hiring: each as often as it has teachers, the small ones early."""
    weights = {name: d["weight"] for name, d in bank.read("subjects")["departments"].items()}
    rest = [name for name, weight in weights.items() for _ in range(weight - 1)]
    chance.shuffle(rest)
    return [*weights, *rest]
