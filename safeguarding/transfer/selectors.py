"""Which files are due to go with a child who leaves, and how far each has come. For those who read the whole file."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import School, User
from accounts.permissions import Permission
from core.encryption import EncryptionError, open_json
from core.ids import UUID
from safeguarding.models import Concern
from safeguarding.rooms import Card
from safeguarding.selectors import NOT_READABLE
from safeguarding.transfer.days import Due, DueDays, receipt_expected_by
from safeguarding.transfer.enums import Stage
from safeguarding.transfer.models import Chaser, Package, Transfer
from students.models import Student

# A last day that is known ahead: the next school is asked for before it comes.
AHEAD = dt.timedelta(days=30)
NOBODY: dict[str, str] = {}


@dataclass(frozen=True)
class Leaver:
    """A child with a file whose last day is near or over; `transfer` once somebody began it."""

    student: Student
    due: Due
    left_on: dt.date
    transfer: Transfer | None = None
    today: dt.date = field(default_factory=timezone.localdate)

    @property
    def due_on(self) -> dt.date:
        return self.transfer.due_on if self.transfer else self.due.on

    @property
    def stage(self) -> Stage:
        return self.transfer.stage if self.transfer else Stage.DUE

    @property
    def ask_on(self) -> dt.date | None:
        """From when on somebody asks after the receipt; None where none is missing."""
        if self.stage != Stage.SENT or self.transfer is None or self.transfer.sent_at is None:
            return None
        return receipt_expected_by(timezone.localdate(self.transfer.sent_at))

    @property
    def is_late(self) -> bool:
        """Not sent by its day; or sent, and no receipt after as many days again."""
        if self.stage == Stage.DUE:
            return self.today > self.due_on
        return self.ask_on is not None and self.today > self.ask_on

    @property
    def days_left(self) -> int:
        """Until it is to be there, or a receipt is; below zero when that is over."""
        return ((self.ask_on or self.due_on) - self.today).days

    @property
    def is_open(self) -> bool:
        return self.stage in (Stage.DUE, Stage.SENT)


def leavers_with_file(user: User, *, student: UUID | None = None) -> list[Leaver]:
    """Of this person's school, or this one child, as far as they read the whole file; the most pressing first."""
    found = Student.objects.filter(pk__in=_gone(student)).select_related("house")
    days = DueDays(cast(School, user.school))
    begun = {(row.student_id, row.left_on): row for row in Transfer.objects.filter(student__in=found)}
    rows = []
    for child in found:
        left_on = child.left_on
        if left_on:
            rows.append(Leaver(child, days.of(left_on), left_on, begun.get((child.pk, left_on))))
    return sorted(rows, key=lambda row: (not row.is_open, row.ask_on or row.due_on, row.student.sort_name))


def _gone(student: UUID | None) -> list[UUID]:
    """Children whose last day is over or near, of whose file one reads all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id FROM students_student s WHERE s.left_on <= %s AND (%s::uuid IS NULL OR s.id = %s)"
            " AND s.id IN (SELECT guard.files_whole())",
            [timezone.localdate() + AHEAD, student, student],
        )
        return [row[0] for row in cursor.fetchall()]


def leaver_of(transfer: Transfer) -> Leaver:
    """The same of one that was begun; also where the last day was changed since."""
    days = DueDays(transfer.student.school)
    return Leaver(transfer.student, days.of(transfer.left_on), transfer.left_on, transfer)


def desk_card(user: User) -> Card | None:
    """How many files wait, for the desk; None for whoever keeps no child's file."""
    if not user.has_perm(Permission.KEEP_FILE):
        return None
    rows = [row for row in leavers_with_file(user) if row.is_open]
    due = sum(row.stage == Stage.DUE for row in rows)
    late = sum(row.is_late for row in rows)
    return Card("safeguarding/transfer/_on_desk.html", {"due": due, "sent": len(rows) - due, "late": late})


def sealed(row: Any, column: str) -> Any:
    """What stands sealed in this column; a sentence where it cannot be read, "" where nothing stands there."""
    if getattr(row, column) is None:
        return ""
    try:
        return open_json(row, column)
    except EncryptionError:
        return NOT_READABLE


def destination_of(transfer: Transfer) -> dict[str, str]:
    """Name, number, lead and contact of the next school; empty as long as nobody said it, or it cannot be read."""
    said = sealed(transfer, "to")
    return said if isinstance(said, dict) else dict(NOBODY)


def receipt_of(transfer: Transfer) -> dict[str, str]:
    """Who said there that it came, and how."""
    said = sealed(transfer, "receipt")
    return said if isinstance(said, dict) else dict(NOBODY)


def packages_of(transfer: Transfer) -> QuerySet[Package]:
    """The newest first."""
    return transfer.packages.select_related("made_by").order_by("-made_at")


def chasers_of(transfer: Transfer) -> list[tuple[Chaser, str]]:
    """Each with its words, the oldest first."""
    return [(row, str(sealed(row, "words"))) for row in transfer.chasers.select_related("by")]


def raised_since(transfer: Transfer) -> int:
    """Concerns about the child that came after the file went: they are not in what was sent."""
    if transfer.sent_at is None:
        return 0
    later = Concern.objects.filter(children__student=transfer.student_id, store="children")
    return later.filter(raised_at__gt=transfer.sent_at).count()
