"""Reading grades, effort and behaviour, for one student or for many at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import JSONObject

from accounts.models import School
from core.ids import UUID
from students.models import Student
from tutoring.progress.enums import BehaviourKind
from tutoring.progress.grades import change_of_grade
from tutoring.progress.models import Assessment, BehaviourEvent, DataDrop, TermComment

Students = Iterable[Student | UUID] | QuerySet[Student]


@dataclass(frozen=True)
class Course:
    """The last data drop of one student: names of subjects below target, down and up since the one before."""

    below: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    up: tuple[str, ...] = ()


@dataclass(frozen=True)
class BehaviourTotals:
    """Entries and points since some day."""

    rewards: int = 0
    sanctions: int = 0
    reward_points: int = 0
    sanction_points: int = 0

    @property
    def words(self) -> str:
        """How the two stand to each other: "5 to 1"."""
        return f"{self.rewards} to {self.sanctions}"


def data_drops_latest(school: School, count: int = 2) -> QuerySet[DataDrop]:
    """The school's latest data drops, the newest first."""
    return DataDrop.objects.filter(school=school).order_by("-position", "-name")[:count]


def courses_by_student(students: Students, school: School) -> dict[UUID, Course]:
    """student id → what the last two data drops say, in one query."""
    drops = data_drops_latest(school).values("pk")
    rows = Assessment.objects.filter(student__in=students, data_drop__in=drops).order_by("data_drop__position")
    taken: dict[UUID, dict[str, list[tuple[int, str, str]]]] = defaultdict(lambda: defaultdict(list))
    for student, subject, position, target, grade in rows.values_list(
        "student_id", "subject__name", "data_drop__position", "target", "working_at"
    ):
        taken[student][subject].append((position, target, grade))
    return {student: _course(subjects) for student, subjects in taken.items()}


def _course(subjects: dict[str, list[tuple[int, str, str]]]) -> Course:
    latest = max(rows[-1][0] for rows in subjects.values())
    current = {name: rows for name, rows in sorted(subjects.items()) if rows[-1][0] == latest}
    moved = {name: direction(rows[-2][2], rows[-1][2]) for name, rows in current.items() if len(rows) > 1}
    return Course(
        below=tuple(name for name, rows in current.items() if direction(rows[-1][1], rows[-1][2]) < 0),
        down=tuple(name for name, way in moved.items() if way < 0),
        up=tuple(name for name, way in moved.items() if way > 0),
    )


@dataclass(frozen=True)
class Fall:
    """In how many subjects the newest data drop is lower than the one before, and the day it came in."""

    day: dt.date
    subjects: int


def falls_by_student(students: Students, school: School | None) -> dict[UUID, Fall]:
    """student id → Fall of whoever fell in any subject, in one query that leaves out what stayed the same.

    Nobody is named where the day of the newest data drop is not known: then nothing can be said to have come after it.
    """
    if school is None:
        return {}
    rows = Assessment.objects.filter(student__in=students, data_drop__in=data_drops_latest(school).values("pk"))
    pairs = (
        rows.order_by()
        .values("student_id", "subject_id")
        .annotate(
            grades=ArrayAgg("working_at", order_by="data_drop__position"),
            day=Max("data_drop__collected_on", filter=Q(data_drop__in=data_drops_latest(school, 1).values("pk"))),
        )
    )
    moved = pairs.annotate(low=Min("working_at"), high=Max("working_at")).filter(day__isnull=False, low__lt=F("high"))
    found: dict[UUID, Fall] = {}
    for student, day, (before, now) in moved.values_list("student_id", "day", "grades"):
        if direction(before, now) < 0:
            found[student] = Fall(day, found[student].subjects + 1 if student in found else 1)
    return found


def direction(before: str, now: str) -> int:
    """1 where `now` surely lies above `before`, -1 where surely below, 0 otherwise (also on an unknown scale)."""
    change = change_of_grade(before, now)
    return (change.direction or 0) if change else 0


def assessments_of_student(student: Student) -> QuerySet[Assessment]:
    """All grades of one student with subject, drop and teacher, the newest drop first, subjects by name."""
    rows = Assessment.objects.filter(student=student).select_related("subject", "data_drop", "teacher")
    return rows.order_by("-data_drop__position", "subject__name")


def assessments_by_student(students: Students) -> dict[UUID, list[Assessment]]:
    """student id → their grades with the drop, in one query."""
    found: dict[UUID, list[Assessment]] = defaultdict(list)
    for row in Assessment.objects.filter(student__in=students).select_related("data_drop"):
        found[row.student_id].append(row)
    return dict(found)


def behaviour_of_student(student: Student, since: dt.date | None = None) -> QuerySet[BehaviourEvent]:
    """One student's rewards and sanctions, newest first."""
    events = BehaviourEvent.objects.filter(student=student).select_related("staff").order_by("-date", "kind", "number")
    return events.filter(date__gte=since) if since else events


def behaviour_totals(student: Student, since: dt.date, until: dt.date = dt.date.max) -> BehaviourTotals:
    """Entries and points of one student since that day, or between the two (both included)."""
    good, bad = Q(kind=BehaviourKind.POSITIVE), Q(kind=BehaviourKind.NEGATIVE)
    return BehaviourTotals(
        **BehaviourEvent.objects.filter(student=student, date__range=(since, until)).aggregate(
            rewards=Count("pk", filter=good),
            sanctions=Count("pk", filter=bad),
            reward_points=Sum("points", filter=good, default=0),
            sanction_points=Sum("points", filter=bad, default=0),
        )
    )


def behaviour_days(students: Students, since: dt.date, until: dt.date) -> dict[UUID, list[tuple[dt.date, str, int]]]:
    """student id → [(day, kind, points)] between the two days (both included), in one query."""
    found: dict[UUID, list[tuple[dt.date, str, int]]] = defaultdict(list)
    rows = BehaviourEvent.objects.filter(student__in=students, date__range=(since, until)).order_by()
    for student, day, kind, points in rows.values_list("student_id", "date", "kind", "points"):
        found[student].append((day, kind, points))
    return dict(found)


def behaviour_by_student(students: Students, since: dt.date) -> dict[UUID, list[tuple[str, str]]]:
    """student id → [(kind, category)] since that day, earliest first, in one query."""
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    rows = BehaviourEvent.objects.filter(student__in=students, date__gte=since).order_by("date", "number", "pk")
    for student, kind, category in rows.values_list("student_id", "kind", "category"):
        found[student].append((kind, category))
    return dict(found)


def students_with_behaviour(students: QuerySet[Student], *, since: dt.date) -> QuerySet[Student]:
    """The same students with what was noted since that day beside each; `behaviour_beside` reads it."""
    events = BehaviourEvent.objects.filter(student=OuterRef("pk"), date__gte=since).order_by("date", "number", "pk")
    return students.annotate(noted=ArraySubquery(events.values(said=JSONObject(kind="kind", category="category"))))


def behaviour_beside(students: Iterable[Student]) -> dict[UUID, list[tuple[str, str]]]:
    """student id → [(kind, category)], the earliest first, of students that carry it."""
    return {
        s.pk: [(event["kind"], event["category"]) for event in vars(s)["noted"]] for s in students if vars(s)["noted"]
    }


def comments_of_student(student: Student) -> QuerySet[TermComment]:
    """The tutor's comments on this student's terms, newest first."""
    return TermComment.objects.filter(student=student).select_related("term", "author").order_by("-term__starts_on")
