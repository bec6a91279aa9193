"""Reading, for many students at once, what their lines on a dashboard say: one query each."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Student, Term
from tutoring.attendance.selectors import figure_of_school
from tutoring.attendance.statistics import Figure
from tutoring.plans.selectors import plans_readable, steps_going_on, steps_open
from tutoring.progress.enums import BehaviourKind
from tutoring.progress.models import BehaviourEvent, TermComment
from tutoring.sessions.enums import SPOKEN, Outcome
from tutoring.sessions.models import HomeContact, SessionDay
from tutoring.sessions.selectors import COUNTS, steps_readable


@dataclass(frozen=True)
class Days:
    """Of one student: last day seen 1:1 or at home, last day somebody spoke with them or home, times seen this term."""

    seen_on: dt.date | None = None
    spoken_on: dt.date | None = None
    done: int = 0


class Open(StrEnum):
    """What waits to be done: a step of a 1:1, one of a plan, or a plan's review; each is a word on the page."""

    STEP = "step"
    PLAN_STEP = "step of a plan"
    REVIEW = "review"  # the next one of a plan


@dataclass(frozen=True)
class Step:
    """Something open: its day if it has one, its text, and what it is."""

    due_on: dt.date | None
    text: str
    kind: Open = Open.STEP


@dataclass(frozen=True)
class Conduct:
    """Rewards and sanctions since some day, and the last day of a sanction."""

    rewards: int = 0
    sanctions: int = 0
    sanctioned_on: dt.date | None = None


def contact_days(students: QuerySet[Student], term_start: dt.date, until: dt.date) -> dict[UUID, Days]:
    """Student id → Days up to that day, whoever wrote it; only the days.

    Spoken with: a kind held with the student alone or the family, or one that the school counts as seen; not where home
    was tried and nobody reached.
    """
    in_vain = HomeContact.objects.filter(session=OuterRef("session_id")).exclude(outcome=Outcome.REACHED)
    spoken = (COUNTS | Q(kind__in=SPOKEN)) & ~Q(Exists(in_vain))
    rows = SessionDay.objects.filter(student__in=students, held_on__lte=until).order_by().values_list("student_id")
    days = rows.annotate(
        seen=Max("held_on", filter=COUNTS),
        spoken=Max("held_on", filter=spoken),
        done=Count("pk", filter=COUNTS & Q(held_on__gte=term_start)),
    )
    return {student: Days(*found) for student, *found in days}


def steps_by_student(students: QuerySet[Student], reader: User) -> dict[UUID, list[Step]]:
    """Student id → open steps of 1:1s and plans and the next reviews that this reader may read, the earliest due first.

    One query. A step of a 1:1 that goes on in a plan is told once, by the plan's words and day.
    """
    agreed = steps_readable(reader).filter(student__in=students, done_on__isnull=True).exclude(pk__in=steps_going_on())
    rows = _open(agreed, Open.STEP, "due_on", "text")
    if reader.has_perm(Permission.VIEW_PLAN):
        reviews = plans_readable().filter(student__in=students, closed_on__isnull=True)
        rows = rows.union(
            _open(steps_open().filter(student__in=students), Open.PLAN_STEP, "due_on", "text"),
            _open(reviews, Open.REVIEW, "review_on", "title"),
            all=True,
        )
    found: dict[UUID, list[Step]] = {}
    for student, due_on, text, kind in rows.order_by("day"):
        found.setdefault(student, []).append(Step(due_on, text, Open(kind)))
    return found


def _open(rows: QuerySet[Any], kind: Open, day: str, words: str) -> QuerySet[Any, tuple[Any, ...]]:
    """Annotations, so that the union can be ordered by name."""
    told: QuerySet[Any, tuple[Any, ...]] = (
        rows.order_by()
        .annotate(day=F(day), said=Cast(F(words), TextField()), what=Value(kind.value, TextField()))
        .values_list("student_id", "day", "said", "what")
    )
    return told


def conduct_by_student(students: QuerySet[Student], since: dt.date) -> dict[UUID, Conduct]:
    """Student id → rewards and sanctions since that day."""
    good, bad = Q(kind=BehaviourKind.POSITIVE), Q(kind=BehaviourKind.NEGATIVE)
    rows = BehaviourEvent.objects.filter(student__in=students, date__gte=since).order_by().values("student_id")
    counted = rows.annotate(
        rewards=Count("pk", filter=good), sanctions=Count("pk", filter=bad), sanctioned_on=Max("date", filter=bad)
    )
    return {row["student_id"]: Conduct(row["rewards"], row["sanctions"], row["sanctioned_on"]) for row in counted}


def students_with_comment(students: QuerySet[Student], term: Term | None) -> set[UUID]:
    """Ids of those for whom the tutor has written this term's comment."""
    rows = TermComment.objects.filter(student__in=students, term=term).exclude(text="")
    return set(rows.values_list("student_id", flat=True))


def places_of(students: QuerySet[Student]) -> list[tuple[Any, str, int | None]]:
    """The (house id, house name, year) that occur among them."""
    rows = students.order_by("house__name", "year_group").values_list("house_id", "house__name", "year_group")
    return [(house, name or "", year) for house, name, year in rows.distinct()]


def school_figure(school: School, start: dt.date, end: dt.date) -> Figure:
    """The attendance of everybody on the school's roll together."""
    return figure_of_school(school, start, end, on_roll=end)
