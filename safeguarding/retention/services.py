"""Each change and its line on the record are one transaction. No line names a child or says a reason."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from psycopg.errors import CheckViolation

from accounts.models import User
from audit.services import record
from core.encryption import EncryptionError, seal_json
from core.ids import UUID
from safeguarding.chronology import concerns_of_child
from safeguarding.keys import cipher_to_write, give_keys, wrap_under_ring
from safeguarding.models import ConcernKey
from safeguarding.retention.enums import Decision
from safeguarding.retention.models import Certificate, Hold, HoldEnd, RetentionClass, Review, Withdrawal
from students.models import Student

# What PostgreSQL says where it refuses, and what stands on the page then.
REFUSED = {
    "the file is held": "the file is held. Lift the hold first.",
    "its day has not come": "its day has not come. Say why it is destroyed before.",
    "it is proposed already": "a colleague proposed it already. See there.",
    "there is nothing to review": "there is nothing on this file.",
    "a second person approves": "you proposed it yourself. Somebody else approves.",
    "more was written since": "more was written on the file since it was reviewed. Refuse it, and review it again.",
    "another child would lose it": "a concern that stays can be read by this child’s key alone. Refuse it, and let"
    " whoever reads the file propose it again.",
    "another child of it is held": "a concern on it is another child’s too, whose file is held.",
    "the first person may not any more": "whoever proposed it could not do so now. Refuse it, and let somebody else"
    " review it.",
    "there is nothing to destroy": "there is nothing on this file any more. Refuse it.",
    "an investigation hangs on it": "an investigation of bullying or behaviour can be read by this child’s key alone,"
    " and would be lost. A hold or a further day keeps the file until that is over.",
    "it is over": "a colleague was quicker. See how it stands now.",
    "there is nothing to take back": "a colleague was quicker. See how it stands now.",
    "not for you to approve": "it is not yours to approve.",
}  # fmt: skip


class RefusedError(Exception):
    """PostgreSQL does not let it be; the sentence says why."""


def _refusal(error: IntegrityError) -> RefusedError:
    said = str(error)
    why = next((words for part, words in REFUSED.items() if part in said), "")
    if not why or not isinstance(error.__cause__, CheckViolation):
        raise error
    return RefusedError(why)


@transaction.atomic
def change_class(*, by: User, kept: RetentionClass, said: dict[str, Any]) -> None:
    """How long such records are kept from now on; what it was before stands on the record."""
    before = RetentionClass.objects.get(pk=kept.pk)
    RetentionClass.objects.filter(pk=kept.pk).update(**said)
    record(
        "file.retention_changed", by=by, obj=kept, covers=kept.covers,
        years=[before.years, said["years"]], trigger=[before.trigger, said["trigger"]],
    )  # fmt: skip


@transaction.atomic
def place_hold(*, by: User, student: Student, why: str) -> Hold:
    """From now on nothing of this child's file is destroyed."""
    row = Hold(student=student, placed_by=by)
    row.why = seal_json(row, "why", why)
    row.save(force_insert=True)
    record("file.held", by=by, obj=row)
    return row


@transaction.atomic
def lift_hold(*, by: User, hold: Hold, why: str) -> bool:
    """This hold ends, with the reason; False where a colleague lifted it before, or at the same moment."""
    row = HoldEnd(hold=hold, lifted_by=by)
    row.why = seal_json(row, "why", why)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if HoldEnd.objects.filter(hold=hold).exists():
            return False
        raise
    record("file.hold_lifted", by=by, obj=hold)
    return True


@transaction.atomic
def keep_longer(*, by: User, student: Student, until: dt.date, why: str) -> Review:
    """Somebody reviewed it: it is kept until a further day."""
    return _review(by, Review(student=student, by=by, decision=Decision.KEEP, until=until), why)


@transaction.atomic
def propose(*, by: User, student: Student, why: str, early_why: str = "") -> Review:
    """Somebody reviewed it and proposes that it is destroyed; nothing is, until a second person approves.

    A concern with another child that only this child's key opens gets a copy under the ring first: it stays for them.
    """
    row = Review(student=student, by=by, decision=Decision.DESTROY)
    row.early_why = seal_json(row, "early_why", early_why) if early_why else None
    _keep_readable_for_others(student.pk)
    return _review(by, row, why)


def _review(by: User, row: Review, why: str) -> Review:
    row.why = seal_json(row, "why", why)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise _refusal(error) from error
    record("file.reviewed", by=by, obj=row, decision=row.decision, until=row.until.isoformat() if row.until else "")
    return row


def _keep_readable_for_others(student: UUID) -> None:
    for concern in concerns_of_child(student).filter(keys__student=student):
        others = concern.children.exclude(student=student).values("student")
        if not others.exists() or concern.keys.filter(Q(student=None) | Q(student__in=others)).exists():
            continue
        try:
            ConcernKey.objects.bulk_create([wrap_under_ring(cipher_to_write(concern), concern.pk)])
        except EncryptionError as error:
            raise RefusedError(REFUSED["another child would lose it"]) from error


@transaction.atomic
def withdraw(*, by: User, review: Review, why: str) -> None:
    """The proposal is not carried out: taken back, or refused by the second person."""
    row = Withdrawal(review=review, by=by)
    row.why = seal_json(row, "why", why)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if Withdrawal.objects.filter(review=review).exists():
            raise RefusedError(REFUSED["it is over"]) from error
        raise _refusal(error) from error
    record("file.destruction_refused", by=by, obj=review)


@transaction.atomic
def destroy(*, by: User, review: Review) -> Certificate:
    """The second person approves, and it is done: what was written is gone, the child has a new key that opens nothing
    of it, and the certificate remains. PostgreSQL asks everything itself (guard.destroy_file).
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT guard.destroy_file(%s)", [review.pk])
            [made] = cursor.fetchone() or [None]
    except IntegrityError as error:
        raise _refusal(error) from error
    # Every student has a key, so that having none tells nothing.
    give_keys([review.student_id])
    record("file.destroyed", by=by, obj=review, certificate=str(made))
    return Certificate.objects.get(pk=made)
