"""A file on its way: each step and its line on the record are one transaction. No line names a child or a school."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import CheckViolation

from accounts.models import User
from audit.services import record
from core.encryption import seal_json
from safeguarding.transfer.days import due_of
from safeguarding.transfer.enums import Basis, Method
from safeguarding.transfer.models import Chaser, Package, Transfer
from students.models import Student


class RefusedError(Exception):
    """The step does not fit to where the transfer stands; the sentence says why."""


@transaction.atomic
def begin(*, by: User, student: Student) -> Transfer:
    """The transfer of a child who left, or is about to; a second press finds the same."""
    if student.left_on is None:
        raise RefusedError("this child has no last day here.")
    due = due_of(student.school, student.left_on)
    row, made = Transfer.objects.get_or_create(
        student=student, left_on=student.left_on,
        defaults={"begun_by": by, "basis": due.basis, "due_on": due.on},
    )  # fmt: skip
    if made:
        record("file.transfer_begun", by=by, obj=row)
    return row


@transaction.atomic
def say_where(*, by: User, transfer: Transfer, to: dict[str, str], basis: Basis) -> None:
    """The next school, and from what day the time runs."""
    due = due_of(transfer.student.school, transfer.left_on, basis)
    then = {"to": seal_json(transfer, "to", to), "basis": due.basis, "due_on": due.on}
    _change(transfer, then, sent_at=None)
    record("file.transfer_where", by=by, obj=transfer, due_on=due.on.isoformat())


@transaction.atomic
def note_package(*, by: User, transfer: Transfer, **made: Any) -> Package:
    """That a package was made; the package itself goes to whoever asked for it, and is kept nowhere."""
    row = Package(transfer=transfer, made_by=by, made_at=timezone.now(), **made)
    row.save(force_insert=True)
    record("file.packed", by=by, obj=transfer, **made)
    return row


@transaction.atomic
def mark_sent(*, by: User, transfer: Transfer, method: Method) -> None:
    """The newest package went; from now on this file rests. Raises RefusedError where more is on it than went."""
    package = transfer.packages.order_by("-made_at").first()
    if transfer.to is None:
        raise RefusedError("say first where it goes.")
    if package is None:
        raise RefusedError("make the package first.")
    gone = {"sent_at": timezone.now(), "sent_by": by, "method": method, "package": package}
    try:
        with transaction.atomic():
            _change(transfer, gone, sent_at=None, not_sent_by=None)
    except IntegrityError as error:
        if isinstance(error.__cause__, CheckViolation):
            raise RefusedError("more was written on the file since the package was made. Make it again.") from error
        raise
    record("file.transfer_sent", by=by, obj=transfer, method=method.value, sha256=package.sha256)


@transaction.atomic
def note_receipt(*, by: User, transfer: Transfer, on: dt.date, said: dict[str, str]) -> None:
    """Somebody there said that it came."""
    told = {"receipt_on": on, "receipt": seal_json(transfer, "receipt", said), "receipt_noted_by": by}
    _change(transfer, told, receipt_on=None, sent_at__isnull=False)
    record("file.transfer_received", by=by, obj=transfer, on=on.isoformat())


@transaction.atomic
def note_chaser(*, by: User, transfer: Transfer, words: str) -> None:
    """Somebody asked after the receipt."""
    row = Chaser(transfer=transfer, by=by)
    row.words = seal_json(row, "words", words)
    row.save(force_insert=True)
    record("file.transfer_chased", by=by, obj=transfer)


@transaction.atomic
def say_copy(*, by: User, transfer: Transfer, kept: bool, basis: str, until: dt.date | None) -> None:
    """Whether a copy stays here, on what ground and until when."""
    sealed = seal_json(transfer, "copy_basis", basis) if basis else None
    _change(transfer, {"copy_kept": kept, "copy_basis": sealed, "copy_until": until})
    record("file.transfer_copy", by=by, obj=transfer, kept=kept, until=until.isoformat() if until else "")


@transaction.atomic
def reopen(*, by: User, transfer: Transfer, why: str) -> None:
    """The file is written on again, although it went; what is added is sent after it."""
    said = {"reopened_at": timezone.now(), "reopened_by": by, "reopened_why": seal_json(transfer, "reopened_why", why)}
    _change(transfer, said, sent_at__isnull=False, reopened_at=None)
    record("file.transfer_reopened", by=by, obj=transfer)


@transaction.atomic
def let_it_stay(*, by: User, transfer: Transfer, why: str) -> None:
    """It goes nowhere from here, with the reason: on no school's roll now, or it went another way before."""
    said = {"why_not": seal_json(transfer, "why_not", why), "not_sent_by": by}
    _change(transfer, said, sent_at=None, not_sent_by=None)
    record("file.transfer_stays", by=by, obj=transfer)


def _change(transfer: Transfer, then: dict[str, Any], **stands: Any) -> None:
    """Only where it still stands as it is thought to: of two who say it at once the first is right."""
    if not Transfer.objects.filter(pk=transfer.pk, **stands).update(**then):
        raise RefusedError("a colleague was quicker. See how it stands now.")
