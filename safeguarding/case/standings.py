"""Where children stand with the authority: PostgreSQL shows each who keeps a file their own."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import School
from core.encryption import EncryptionError
from core.ids import UUID
from safeguarding.case.enums import Work
from safeguarding.case.models import Standing, StandingWords
from safeguarding.case.selectors import SOON
from safeguarding.keys import Cipher, opened_keys
from students.models import Student
from tutoring.attendance.selectors import figures_by_student
from tutoring.desk.calendar import calendar_of
from tutoring.groups.selectors import students_with_group

ORDERS = {"level": "Gravest first", "review": "Next day", "name": "Name", "attendance": "Lowest attendance"}
REVIEWS = {
    "": "Any day",
    "overdue": "Overdue",
    "week": "Within a week",
    "month": "Within a month",
    "none": "No day set",
}
A_MONTH = dt.timedelta(days=31)
LATEST = dt.date.max


@dataclass(frozen=True)
class Person:
    """Somebody of an agency who works with the child."""

    work: str
    name: str
    team: str = ""
    phone: str = ""
    mail: str = ""

    @property
    def work_label(self) -> str:
        return Work(self.work).label if self.work in Work else self.work


@dataclass(frozen=True)
class Shown:
    """A row with its words, where they are opened; `ended_on`: where the next row says that it came to its end."""

    row: Standing
    words: dict[str, Any] = field(default_factory=dict)
    readable: bool = True
    ended_on: dt.date | None = None

    @property
    def people(self) -> list[Person]:
        return [Person(**one) for one in self.words.get("people", [])]

    @property
    def note(self) -> str:
        return str(self.words.get("note", ""))

    @property
    def why_late(self) -> str:
        return str(self.words.get("why_late", ""))


@dataclass(frozen=True)
class Day:
    """A day on which something has to happen for a child; as the desk lists it beside what concerns wait for."""

    row: Standing
    label: str
    due_on: dt.date

    @property
    def is_overdue(self) -> bool:
        return self.due_on < timezone.localdate()


@dataclass(frozen=True)
class Listed:
    """A line of the list. `attendance`: of this half term, in per cent; None without marks."""

    row: Standing
    group: str
    attendance: float | None
    days: list[Day]

    @property
    def next_on(self) -> dt.date:
        return self.days[0].due_on if self.days else LATEST


@dataclass(frozen=True)
class Wanted:
    """What of the list is asked for; nothing left out unless said."""

    level: str = ""
    review: str = ""
    order: str = "level"

    def takes(self, line: Listed, today: dt.date) -> bool:
        if self.level and line.row.level != self.level:
            return False
        ends = {"overdue": today, "week": today + SOON, "month": today + A_MONTH}
        if self.review == "none":
            return not line.days
        # Overdue is before today; within a week has today and the seventh day, and what is overdue.
        return self.review not in ends or line.next_on < ends[self.review] + dt.timedelta(days=self.review != "overdue")

    def place(self, line: Listed) -> tuple[Any, ...]:
        name = (line.row.student.sort_name, str(line.row.pk))
        attendance = 101.0 if line.attendance is None else line.attendance
        by = {"name": (), "review": (line.next_on,), "attendance": (attendance,)}
        return (*by.get(self.order, (line.row.level, line.next_on)), *name)


def standings_now() -> QuerySet[Standing]:
    """What holds today, superseded by nothing."""
    rows = Standing.objects.filter(superseded_by=None).select_related("student")
    return rows.filter(Q(until=None) | Q(until__gte=timezone.localdate()))


def children_hidden() -> list[UUID]:
    """From whose file whoever acts is kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.children_hidden()")
        return [row[0] for row in cursor.fetchall()]


def register(school: School, wanted: Wanted) -> list[Listed]:
    """The list, in five queries however long it is."""
    today = timezone.localdate()
    rows = list(standings_now())
    students = Student.objects.filter(pk__in={row.student_id for row in rows})
    groups = {one.pk: getattr(one, "group_name", "") or "" for one in students_with_group(students)}
    figures = figures_by_student(students, calendar_of(school, today).half_term_start)
    lines = [
        Listed(
            row,
            groups.get(row.student_id, ""),
            figures[row.student_id].attendance if row.student_id in figures else None,
            days_of(row),
        )
        for row in rows
    ]
    return sorted((line for line in lines if wanted.takes(line, today)), key=wanted.place)


def days_of(row: Standing) -> list[Day]:
    """What has to happen next, the soonest first; nothing of what came to its end."""
    found = [(row.core_on, "Core group"), (row.review_on, row.review_label)]
    days = [Day(row, label, on) for on, label in found if on and row.runs_on(on)]
    return sorted(days, key=lambda day: day.due_on)


def days_at_hand() -> list[Day]:
    """Of all children: overdue, or due within a week; they are in the hands of everybody who keeps the file."""
    last = timezone.localdate() + SOON
    rows = standings_now().filter(Q(review_on__lte=last) | Q(core_on__lte=last))
    return sorted((day for row in rows for day in days_of(row) if day.due_on <= last), key=lambda day: day.due_on)


def days_open() -> list[Day]:
    """Everything that has a day."""
    return sorted((day for row in standings_now() for day in days_of(row)), key=lambda day: day.due_on)


def history_of(students: Iterable[UUID]) -> dict[UUID, list[Shown]]:
    """student → every row there ever was, the newest first, with its words as far as they were opened before."""
    rows = list(
        Standing.objects.filter(student__in=students)
        .select_related("student", "written_by", "superseded_by")
        .order_by("-written_at", "pk")
    )
    keys = opened_keys({row.student_id for row in rows}) if rows else {}
    sealed = {one.standing_id: one for one in StandingWords.objects.filter(standing__in=rows)}
    found: dict[UUID, list[Shown]] = {}
    for row in rows:
        words = _opened(sealed.get(row.pk), keys.get(row.student_id))
        found.setdefault(row.student_id, []).append(Shown(row, words or {}, words is not None, _ended(row)))
    return found


def now_of(history: list[Shown]) -> list[Shown]:
    """Of a child's rows, those that hold today, the gravest first."""
    today = timezone.localdate()
    now = [one for one in history if not hasattr(one.row, "superseded_by") and one.row.runs_on(today)]
    return sorted(now, key=lambda one: one.row.level)


def _ended(row: Standing) -> dt.date | None:
    after = getattr(row, "superseded_by", None)
    return after.since if row.until is None and after and after.level != row.level else row.until


def _opened(sealed: StandingWords | None, key: bytes | None) -> dict[str, Any] | None:
    if sealed is None or key is None:
        return None
    try:
        words: dict[str, Any] = Cipher(key).open(sealed, "words")
    except (EncryptionError, ValueError):
        return None
    return words
