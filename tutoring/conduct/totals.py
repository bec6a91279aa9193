"""Totals and trends of rewards and sanctions, for many students at once: entered here and brought in alike."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek

from accounts.models import School
from core.ids import UUID
from students.models import Student
from students.selectors import terms_of
from tutoring.attendance.selectors import monday_of
from tutoring.progress.enums import BehaviourKind
from tutoring.progress.models import BehaviourEvent

GOOD, BAD = Q(kind=BehaviourKind.POSITIVE), Q(kind=BehaviourKind.NEGATIVE)
MOST_WEEKS = 20
_NAMES = ("rewards", "sanctions", "gained", "lost")
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Sums:
    """Entries and points of one student in one span; points of sanctions are 0 or less."""

    rewards: int = 0
    sanctions: int = 0
    gained: int = 0
    lost: int = 0

    @property
    def balance(self) -> int:
        return self.gained + self.lost


@dataclass(frozen=True)
class Totals:
    """One student: this term and the one before, and (Monday, gained, lost) of each week of this term."""

    student: Student
    now: Sums
    before: Sums
    weeks: list[tuple[dt.date, int, int]]


def spans_of(school: School, today: dt.date) -> tuple[Span, Span | None]:
    """This term up to today (or the last that had begun) and the one before it; without terms, 12 weeks."""
    begun = list(terms_of(school).filter(starts_on__lte=today).order_by("-starts_on")[:2])
    if not begun:
        return (today - dt.timedelta(weeks=12), today), None
    now = begun[0].starts_on, min(today, begun[0].ends_on)
    return now, (begun[1].starts_on, begun[1].ends_on) if len(begun) > 1 else None


def totals_of(students: Iterable[Student], now: Span, before: Span | None) -> list[Totals]:
    """The students as they come, each with totals; three queries, however many there are."""
    rows = list(students)
    events = BehaviourEvent.objects.filter(student__in=rows).order_by()
    current, earlier = sums_by_student(rows, now), sums_by_student(rows, before) if before else {}
    weeks = _weeks(events, now)
    mondays = [monday_of(now[0]) + dt.timedelta(weeks=n) for n in range(_number_of_weeks(now))]
    return [
        Totals(
            student,
            current.get(student.pk, Sums()),
            earlier.get(student.pk, Sums()),
            [(monday, *weeks.get((student.pk, monday), (0, 0))) for monday in mondays],
        )
        for student in rows
    ]


def _number_of_weeks(span: Span) -> int:
    return min(MOST_WEEKS, (monday_of(span[1]) - monday_of(span[0])).days // 7 + 1)


def sums_by_student(students: Iterable[Student] | QuerySet[Student], span: Span) -> dict[UUID, Sums]:
    """Student id → what was entered in that span, in one query; whoever has nothing is missing."""
    rows = BehaviourEvent.objects.filter(student__in=students, date__range=span).order_by().values("student_id")
    counted = rows.annotate(
        rewards=Count("pk", filter=GOOD),
        sanctions=Count("pk", filter=BAD),
        gained=Sum("points", filter=GOOD, default=0),
        lost=Sum("points", filter=BAD, default=0),
    )
    return {student: Sums(*sums) for student, *sums in counted.values_list("student_id", *_NAMES)}


def _weeks(events: QuerySet[BehaviourEvent], span: Span) -> dict[tuple[UUID, dt.date], tuple[int, int]]:
    rows = events.filter(date__range=span).annotate(week=TruncWeek("date")).values_list("student_id", "week")
    counted = rows.annotate(gained=Sum("points", filter=GOOD, default=0), lost=Sum("points", filter=BAD, default=0))
    return {(student, week): (gained, lost) for student, week, gained, lost in counted}
