"""What is measured of a group, and of each student: one query a source, however many students there are.

A measure is a sum over a sum (sessions attended over sessions possible), so that a group’s figure is the figure of all
of them together. A student about whom there is nothing to count has no part in either.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from accounts.models import School
from reports.gaps.selectors import ethnic_groups, grades_by_student, plan_spans, seen_by_student
from students.enums import EthnicGroup
from students.models import Student
from tutoring.attendance.selectors import figures_in_windows
from tutoring.attendance.statistics import Figure
from tutoring.conduct.totals import Span, Sums, spans_of, sums_by_student
from tutoring.sessions.owed import promise_to, students_with_rule

NOW, BEFORE = "now", "before"


@dataclass(frozen=True)
class Measure:
    """`scale` turns the quotient into the figure shown; `unit` stands behind it, `step` behind a difference."""

    key: str
    label: str
    scale: int
    unit: str
    step: str
    places: int


MEASURES = (
    Measure("attendance", "Attendance", 100, "%", "points", 1),
    Measure("late", "Late, of arrivals", 100, "%", "points", 1),
    Measure("rewards", "Rewards a student", 1, "", "", 2),
    Measure("sanctions", "Sanctions a student", 1, "", "", 2),
    Measure("seen", "Had their 1:1s", 100, "%", "points", 0),
    Measure("plans", "With an open plan", 100, "%", "points", 0),
    Measure("grades", "Grades at target or above", 100, "%", "points", 0),
)
Part = tuple[int, int]  # what is counted, of how much


@dataclass(frozen=True)
class Measured:
    """One student: span → measure → part; what is missing cannot be said. Of the ethnicity no more than the group."""

    student: Student
    parts: dict[str, dict[str, Part]] = field(default_factory=lambda: {NOW: {}, BEFORE: {}})
    ethnic_group: str = EthnicGroup.NOT_KNOWN.value


def measured(students: QuerySet[Student], school: School, today: dt.date) -> list[Measured]:
    """Every one of these students, measured this term and in the one before, in ten queries."""
    spans: dict[str, Span | None] = dict(zip((NOW, BEFORE), spans_of(school, today), strict=True))
    known = {name: span for name, span in spans.items() if span}
    ids = students.order_by()
    figures = figures_in_windows(ids, dict(known))
    conduct = {name: sums_by_student(ids, span) for name, span in known.items()}
    seen, plans, ethnic = seen_by_student(ids, known), plan_spans(ids), ethnic_groups(ids)
    grades = grades_by_student(ids, school, (NOW, BEFORE))
    found = []
    for student in students_with_rule(students, school, today):
        one = Measured(student, ethnic_group=ethnic[student.pk])
        for name, span in known.items():
            if student.joined_on and student.joined_on > span[1]:
                continue  # not here yet
            parts = one.parts[name]
            parts |= _of_attendance(figures.get(student.pk, {}).get(name, Figure()))
            parts |= _of_conduct(conduct[name].get(student.pk, Sums()))
            parts |= _of_seen(student, seen[name].get(student.pk, 0))
            parts["plans"] = (int(any(a <= span[1] and (b is None or b > span[1]) for a, b in plans[student.pk])), 1)
            parts |= {"grades": part} if (part := grades[name].get(student.pk)) else {}
        found.append(one)
    return found


def _of_attendance(figure: Figure) -> dict[str, Part]:
    parts = {"attendance": (figure.attended, figure.possible), "late": (figure.late, figure.arrivals)}
    return {key: part for key, part in parts.items() if part[1]}


def _of_conduct(sums: Sums) -> dict[str, Part]:
    return {"rewards": (sums.rewards, 1), "sanctions": (sums.sanctions, 1)}


def _of_seen(student: Any, number: int) -> dict[str, Part]:
    """Whether they had as many 1:1s as the school promises; nothing for whom the rule leaves out."""
    promise = promise_to(student, number)
    return {} if promise.exempt else {"seen": (int(promise.kept), 1)}


def together(group: list[Measured], span: str) -> dict[str, tuple[Part, int]]:
    """Measure → (sum over sum, how many students have a part in it)."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in group:
        for key, (top, bottom) in one.parts[span].items():
            total = sums[key]
            total[0] += top
            total[1] += bottom
            total[2] += 1
    return {key: ((top, bottom), number) for key, (top, bottom, number) in sums.items()}
