"""Which subjects a pupil is taught, and by whom: a class is a tutor group, part of a year or a whole year."""

import random
from functools import cache
from typing import Any

from accounts.enums import Role
from exchange.demo_school import bank
from exchange.demo_school.people import Colleague, Pupil
from exchange.demo_school.staffing import Staff


def stage(year: int) -> str:
    """Key stage 3, 4 or 5 in the words of the subject bank."""
    return "lower" if year < 10 else "upper" if year < 12 else "sixth"


class Timetable:
    """Gives each class its teacher, once."""

    def __init__(self, staff: Staff, chance: random.Random) -> None:
        teachers = staff.by_role[Role.SUBJECT_TEACHER]
        self._chance = chance
        self._first_maths = next(t for t in reversed(teachers) if t.email.startswith("teacher@") or t is teachers[0])
        self._teachers = {d: [t for t in teachers if t.department == d] or teachers for d in _departments()}
        self._classes: dict[tuple[Any, ...], Colleague] = {}

    def subjects_of(self, pupil: Pupil, year: int) -> list[str]:
        """What the pupil takes in that year; options are the pupil's own and stay the same."""
        curriculum, key = bank.read("subjects")["curriculum"], stage(year)
        chance = random.Random(f"{pupil.number}-{key}")
        if key == "lower":
            return [*curriculum["lower"], curriculum["language"][len(pupil.house.name) % 2]]
        given = list(pupil.story.progress.subjects)
        if key == "upper":
            options = [name for name in curriculum["options"] if name not in given]
            extra = 4 - len([name for name in given if name not in curriculum["upper"]])
            return list(dict.fromkeys([*curriculum["upper"], *given, *chance.sample(options, max(0, extra))]))
        choice = chance.sample(curriculum["sixth"], 3)
        if "Further Mathematics" in choice and "Mathematics" not in choice:
            choice[choice.index("Further Mathematics")] = "Mathematics"
        return choice

    def teacher_of(self, pupil: Pupil, subject: str, year: int) -> Colleague:
        """The teacher of the pupil's class."""
        group = pupil.group
        by_stage = {"lower": group.name, "upper": (group.position, group.house.name), "sixth": group.position}
        key = (subject, year, by_stage[stage(year)])
        if key not in self._classes:
            first = subject == "Mathematics" and group.name in {"11BEC", "9BEC"}
            pool = self._teachers[_departments_of_subjects()[subject]]
            self._classes[key] = self._first_maths if first else self._chance.choice(pool)
        return self._classes[key]


@cache
def _departments() -> tuple[str, ...]:
    return tuple(bank.read("subjects")["departments"])


@cache
def _departments_of_subjects() -> dict[str, str]:
    rows = bank.read("subjects")["departments"].items()
    return {subject: name for name, department in rows for subject in department["subjects"]}


def spoken(subject: str) -> str:
    """The subject as one says it in the middle of a sentence."""
    return str(bank.read("subjects")["spoken"].get(subject, subject))
