"""Attendance figures, always from the weekly counts; single marks only where marks are shown."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, cast

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, Count, Max, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import School
from core.acting import current_actor
from core.ids import UUID
from students.models import Student
from tutoring.attendance.models import Mark, WeekCount
from tutoring.attendance.statistics import Figure

_COUNTS = [f.name for f in fields(Figure)]
_SUMS = {name: Sum(name, default=0) for name in _COUNTS}


def monday_of(day: dt.date) -> dt.date:
    """The Monday of that day's week."""
    return day - dt.timedelta(days=day.weekday())


def _weeks(start: dt.date, end: dt.date | None) -> Q:
    return Q(week__gte=monday_of(start), week__lte=end or timezone.localdate())


def _figure(row: Mapping[str, Any]) -> Figure:
    return Figure(**{name: row[name] for name in _COUNTS})


def figure_of(students: QuerySet[Student], start: dt.date, end: dt.date | None = None) -> Figure:
    """One figure for all of them together (sums, not a mean of percentages), by whole weeks from start to end."""
    rows = WeekCount.objects.filter(_weeks(start, end), student__in=students)
    return _figure(rows.aggregate(**_SUMS))


def figure_of_school(school: School, start: dt.date, end: dt.date, *, on_roll: dt.date | None = None) -> Figure:
    """The same for a whole school, whoever asks: a sum names nobody. `on_roll`: only who was there that day."""
    # Policies would show a tutor the figure of the tutor group.
    name = "guard.school_attendance" if current_actor().name else "guard.sum_attendance"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_COUNTS)} FROM {name}(%s, %s, %s, %s)",  # noqa: S608 (our own names)
            [school.pk, monday_of(start), end, on_roll],
        )
        return Figure(*(cursor.fetchone() or [0] * len(_COUNTS)))


def figures_by_student(
    students: Iterable[Student] | QuerySet[Student], start: dt.date, end: dt.date | None = None
) -> dict[UUID, Figure]:
    """student id → figure, in one query; a student without marks is missing."""
    rows = WeekCount.objects.filter(_weeks(start, end), student__in=students).order_by()
    return {row["student_id"]: _figure(row) for row in rows.values("student_id").annotate(**_SUMS)}


def figures_by_week(
    students: Iterable[Student] | QuerySet[Student], start: dt.date, end: dt.date | None = None
) -> list[tuple[dt.date, Figure]]:
    """(Monday, figure of all of them together) for each week that has counts, earliest first."""
    rows = WeekCount.objects.filter(_weeks(start, end), student__in=students).order_by("week")
    return [(row["week"], _figure(row)) for row in rows.values("week").annotate(**_SUMS)]


def weeks_by_student(
    students: Iterable[Student] | QuerySet[Student], start: dt.date, end: dt.date | None = None
) -> dict[UUID, list[tuple[dt.date, Figure]]]:
    """student id → (Monday, figure) for each week that has counts, earliest first, in one query."""
    rows = WeekCount.objects.filter(_weeks(start, end), student__in=students).order_by("student_id", "week")
    found: dict[UUID, list[tuple[dt.date, Figure]]] = {}
    for row in rows.values("student_id", "week", *_COUNTS):
        found.setdefault(row["student_id"], []).append((row["week"], _figure(row)))
    return found


def marks_of_student(student: Student, start: dt.date, end: dt.date | None = None) -> QuerySet[Mark]:
    """The student's marks from start to end, earliest first."""
    return Mark.objects.filter(student=student, date__gte=start, date__lte=end or timezone.localdate())


def figures_in_windows(
    students: Iterable[Student | UUID] | QuerySet[Student], windows: dict[str, tuple[dt.date, dt.date | None]]
) -> dict[UUID, dict[str, Figure]]:
    """student id → name of the window → figure, for several windows of whole weeks in one query."""
    earliest = min(start for start, _ in windows.values())
    rows = WeekCount.objects.filter(student__in=students, week__gte=monday_of(earliest)).order_by()
    counted = rows.values("student_id").annotate(sums=_sums_in(windows)).values_list("student_id", "sums")
    size = len(_COUNTS)
    return {
        student: {name: Figure(*sums[n * size : (n + 1) * size]) for n, name in enumerate(windows)}
        for student, sums in cast(Iterable[tuple[UUID, list[int]]], counted)
    }


class _AggregateSQL(RawSQL):
    contains_aggregate = True

    def get_group_by_cols(self) -> list[Any]:
        return []


def _sums_in(windows: dict[str, tuple[dt.date, dt.date | None]]) -> RawSQL:
    """Every count in every window, one after the other, as one array: as thirty annotations Django takes longer to
    write the question than PostgreSQL to answer it.
    """
    today = timezone.localdate()
    parts = [f"coalesce(sum({name}) FILTER (WHERE week BETWEEN %s AND %s), 0)" for name in _COUNTS] * len(windows)
    days = [(monday_of(start), end or today) for start, end in windows.values() for _ in _COUNTS]
    sql = f"ARRAY[{', '.join(parts)}]"
    return _AggregateSQL(sql, [day for span in days for day in span], output_field=ArrayField(BigIntegerField()))


def latest_marks(
    students: Iterable[UUID], until: dt.date, *, since: dt.date, count: int, today_of: Iterable[UUID] = ()
) -> dict[UUID, list[Mark]]:
    """student id → the last `count` marks between the two days, earliest first, in one query for all of them.

    Of those in `today_of` today's marks too, whatever `until` is.
    """
    found: dict[UUID, list[Mark]] = {}
    latest = Q(student__in=list(students), date__range=(since, until))
    for mark in Mark.objects.filter(latest | Q(student__in=list(today_of), date=timezone.localdate())):
        found.setdefault(mark.student_id, []).append(mark)
    return {student: marks[-count:] for student, marks in found.items()}


def code_counts(student: Student, start: dt.date, end: dt.date | None = None) -> list[tuple[str, dt.date, int]]:
    """(code, last day it was given, how often) of one student from start to end, most frequent first."""
    rows = marks_of_student(student, start, end).order_by().values("code")
    counted = rows.annotate(number=Count("*"), last=Max("date")).order_by("-number", "code")
    return [(row["code"], row["last"], row["number"]) for row in counted]
