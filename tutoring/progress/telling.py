"""What a student's story tells of grades and behaviour: drops and weeks put together by the database, one row for each,
so that a page costs as much after ten years as after one.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Max, Q
from django.db.models.functions import JSONObject, TruncWeek

from core.whole_days import whole_days
from students.models import Student
from tutoring.progress.models import Assessment, BehaviourEvent


@dataclass(frozen=True)
class Week:
    """The rewards, or the sanctions, of one week: the day of the last, and each one's category, the latest first."""

    day: dt.date
    kind: str
    categories: list[str]


@dataclass(frozen=True)
class Grade:
    """One subject's at one data drop, as the school writes grades."""

    subject: str
    target: str
    working_at: str


@dataclass(frozen=True)
class Drop:
    """One student's grades at one data drop, subjects by name."""

    name: str
    position: int
    grades: list[Grade]


def weeks_told(student: Student, before: dt.date, enough: Mapping[str, int], least: int) -> list[Week]:
    """The latest weeks with `enough` of a kind whose last one lies before that day, in one query.

    A week is counted as a whole, on whichever page it stands.
    """
    told = Q()
    for kind, number in enough.items():
        told |= Q(kind=kind, many__gte=number)
    events = BehaviourEvent.objects.filter(student=student).order_by().annotate(week=TruncWeek("date"))
    weeks = events.values("week", "kind").annotate(day=Max("date"), many=Count("pk"))
    latest = whole_days(weeks.filter(told, day__lt=before), "day", least)
    rows = latest.annotate(categories=ArrayAgg("category", order_by=["-date", "number"]))
    return [Week(*row) for row in rows.order_by("-day", "kind").values_list("day", "kind", "categories")]


def drops_told(student: Student, until: int | None, least: int) -> list[Drop]:
    """The latest data drops, by whole calendar years, with the year before for comparison; in one query.

    `until`: the last calendar year asked for, None for all. A drop has no day of its own, only a term's place.
    """
    rows = Assessment.objects.filter(student=student).order_by().annotate(year=F("data_drop__position") / 10)
    if until is not None:
        rows = rows.filter(year__lte=until)
    drops = rows.values("year", "data_drop_id", "data_drop__name", "data_drop__position").annotate(number=Count("pk"))
    subject = JSONObject(subject="subject__name", target="target", working_at="working_at")
    told = whole_days(drops, "year", least, floor=0).annotate(grades=ArrayAgg(subject, order_by="subject__name"))
    found = told.order_by("-data_drop__position", "-data_drop__name", "data_drop_id")
    return [
        Drop(name, position, [Grade(**grade) for grade in grades])
        for name, position, grades in found.values_list("data_drop__name", "data_drop__position", "grades")
    ]
