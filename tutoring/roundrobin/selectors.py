"""Who teaches a student, what one is asked, and a student's answers side by side; policies say who reads which."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from core.ids import UUID
from students.due import Lines
from students.models import Student
from students.selectors import school_days
from tutoring.progress.models import Assessment
from tutoring.progress.selectors import data_drops_latest
from tutoring.roundrobin.models import Ask

USUAL_DAYS = 5
DUE = """
SELECT 'ask', a.id, a.title, NULL::uuid, a.answer_by, '', a.asked_by_id, 0::smallint
  FROM roundrobin_ask a
 WHERE a.teacher_id = %(me)s AND a.answered_at IS NULL AND a.answer_by >= %(today)s::date - 14
"""
# How long one may still answer after the day, and how long one's own answers stay in the list.
LATE, LATELY = dt.timedelta(days=14), dt.timedelta(days=14)


@dataclass(frozen=True)
class Teaching:
    """Who teaches the student by the latest data drop: account → subjects, and those the data names without one."""

    subjects: dict[User, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def teachers_of(student: Student) -> Teaching:
    """In one query; nobody where the school has brought in no grades."""
    latest = data_drops_latest(student.school, 1).values("pk")
    rows = Assessment.objects.filter(student=student, data_drop__in=latest).select_related("teacher", "subject")
    found: dict[User, list[str]] = defaultdict(list)
    unknown = []
    for row in rows.order_by("teacher__last_name", "subject__name"):
        if row.teacher and row.teacher.is_active and row.teacher.school_id == student.school_id:
            found[row.teacher].append(row.subject.name)
        else:
            unknown.append(f"{row.subject.name}{f' ({row.teacher_code})' if row.teacher_code else ''}")
    return Teaching({user: ", ".join(names) for user, names in found.items()}, tuple(unknown))


def usual_days(student: Student, today: dt.date) -> tuple[dt.date, ...]:
    """School days from tomorrow on, nine weeks ahead; weekdays where no term is known."""
    first, last = today + dt.timedelta(days=1), today + dt.timedelta(weeks=9)
    days = school_days(student.school, first, last)
    weekdays = [first + dt.timedelta(days=n) for n in range(63)]
    return tuple(days or [day for day in weekdays if day.weekday() < 5])


def asks_of_round(round_id: UUID) -> list[Ask]:
    """All of one request, by the teacher's name; none where the student is not seen."""
    rows = Ask.objects.filter(round=round_id).select_related("student", "teacher", "asked_by")
    return list(rows.order_by("teacher__last_name", "teacher__first_name", "pk"))


def answers_since(student: Student, day: dt.date) -> list[Ask]:
    """What teachers answered of the student since that day, the latest first; for the preparation of a 1:1."""
    rows = Ask.objects.filter(student=student, answered_at__date__gte=day).select_related("teacher")
    return list(rows.order_by("-answered_at"))


def rounds_of(student: Student) -> dict[UUID, list[Ask]]:
    """round → its asks, the latest request first."""
    found: dict[UUID, list[Ask]] = defaultdict(list)
    for ask in Ask.objects.filter(student=student).select_related("teacher", "asked_by").order_by("-asked_at"):
        found[ask.round].append(ask)
    return dict(found)


def asks_of(user: User) -> QuerySet[Ask]:
    """Everything this person was ever asked."""
    return Ask.objects.filter(teacher=user).select_related("asked_by")


def asks_open(user: User) -> QuerySet[Ask]:
    """What this person has not answered yet, the earliest first."""
    since = timezone.localdate() - LATE
    return asks_of(user).filter(answered_at=None, answer_by__gte=since)


def asks_answered(user: User) -> QuerySet[Ask]:
    """What this person answered lately."""
    since = timezone.now() - LATELY
    return Ask.objects.filter(teacher=user, answered_at__gte=since).order_by("-answered_at")


def answers_to(user: User, since: dt.datetime) -> list[UUID]:
    """What colleagues answered to this person since then, by request."""
    found = Ask.objects.filter(asked_by=user, answered_at__gte=since).order_by("answered_at")
    return list(found.values_list("pk", flat=True))


def names_asked() -> dict[UUID, str]:
    """ask → the student's name, also where whoever is asked does not see the student; nothing else of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ask, forename, surname FROM guard.asked_names()")
        return {key: f"{forename} {surname}" for key, forename, surname in cursor.fetchall()}


def asks_due(user: User, today: dt.date) -> list[Lines]:
    """What this person is asked, by its day ("ask"). Without the student: the page of it says who."""
    return [(DUE, {"me": user.pk, "today": today})]
