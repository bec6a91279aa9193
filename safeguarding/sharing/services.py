"""What is done in this room: each change and its line on the record are one transaction."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record
from core.encryption import EncryptionError
from core.ids import UUID
from core.queueing import ring
from core.turns import take_turn
from safeguarding.keys import Cipher, keys_of_students
from safeguarding.sharing.enums import Sealed
from safeguarding.sharing.lines import handovers_to_answer
from safeguarding.sharing.models import Confirmation, HandoverAnswer, StaffLine, StaffLineReader, StaffLineWords
from students.models import Student
from tutoring.handover.models import Handover


@transaction.atomic
def decide_confirmation(*, by: User, confirmation: UUID, agreed: bool) -> bool:
    """The headteacher agrees, or does not; False where that is said already. The line names no child and no concern."""
    waiting = Confirmation.objects.filter(pk=confirmation, agreed=None)
    if not waiting.update(agreed=agreed, decided_by=by, decided_at=timezone.now()):
        return False
    record("file.kept_decided", by=by, agreed=agreed)
    return True


@transaction.atomic
def sweep_readers() -> int:
    """As the job "safeguarding": roles have ended, accounts were switched off; what nobody reads finds a reader.

    Returns how many concerns found one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.sweep_readers()")
        given = int(cursor.fetchone()[0])
    if given:
        ring("safeguarding.send_alerts")
    return given


@transaction.atomic
def publish_line(*, by: User, student: Student, people: Sequence[User], text: str, why: str, until: dt.date) -> UUID:
    """To these people, until that day. Raises EncryptionError where the child's key cannot be opened."""
    key = keys_of_students([student.pk]).get(student.pk)
    if key is None:
        raise EncryptionError("The child's key cannot be opened.")
    line = StaffLine(student=student, published_by=by, published_at=timezone.now(), until=until)
    line.save(force_insert=True)
    for kind, words in ((Sealed.TEXT, text), (Sealed.WHY, why)):
        sealed = StaffLineWords(line=line, kind=kind)
        sealed.words = Cipher(key).seal(sealed, "words", words)
        sealed.save(force_insert=True)
    StaffLineReader.objects.bulk_create(StaffLineReader(line=line, person=person) for person in people)
    record("file.line_published", by=by, obj=line, people=len(people), until=str(until))
    answer_handovers(by=by, handovers=_told(student, people))
    ring("safeguarding.send_alerts")
    return line.pk


def _told(student: Student, people: Sequence[User]) -> list[Handover]:
    """The handovers of this student whose next tutor is told by a line to these people."""
    named = {person.pk for person in people}
    return [one for one in handovers_to_answer().filter(student=student) if one.to_id is None or one.to_id in named]


@transaction.atomic
def answer_handovers(*, by: User, handovers: Iterable[Handover]) -> int:
    """The next tutors know what they need to, or there is nothing; how many of those asked. It is not said which."""
    take_turn(f"handovers:{by.pk}")  # sent twice, it is answered once
    asked = set(handovers_to_answer().values_list("pk", flat=True))
    rows = [HandoverAnswer(handover=one, person=by, answered_at=timezone.now()) for one in handovers if one.pk in asked]
    HandoverAnswer.objects.bulk_create(rows)
    if rows:
        record("file.handovers_answered", by=by, answered=len(rows))
    return len(rows)


@transaction.atomic
def withdraw_line(*, by: User, line: StaffLine) -> bool:
    """Gone for whom it named, from this moment on; False where it was withdrawn before."""
    there = StaffLine.objects.filter(pk=line.pk, withdrawn_at=None)
    if not there.update(withdrawn_at=timezone.now(), withdrawn_by=by):
        return False
    record("file.line_withdrawn", by=by, obj=line)
    return True


@transaction.atomic
def understand_line(*, by: User, line: StaffLine) -> bool:
    """Read and understood, once; False where they said so before."""
    mine = StaffLineReader.objects.filter(line=line, person=by, understood_at=None)
    if not mine.update(understood_at=timezone.now()):
        return False
    record("file.line_understood", by=by, obj=line)
    return True
