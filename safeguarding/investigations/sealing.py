"""The key of an investigation: one copy under each student’s key, as a concern’s (decision 0011)."""

from collections.abc import Iterable
from contextlib import suppress

from core.encryption import EncryptionError
from core.ids import UUID
from safeguarding.investigations.models import Investigation, InvestigationKey
from safeguarding.keys import Cipher, keys_of_students, opened_keys


def wrap_for(cipher: Cipher, investigation: UUID, students: Iterable[UUID]) -> list[InvestigationKey]:
    """A copy for each of them, not saved yet. Raises EncryptionError where no key of theirs opens: then nothing could
    be read again.
    """
    keys = keys_of_students(students)
    if not keys:
        raise EncryptionError("No key of these students can be opened.")
    return [_wrapped(cipher, investigation, student, key) for student, key in keys.items()]


def _wrapped(cipher: Cipher, investigation: UUID, student: UUID, key: bytes) -> InvestigationKey:
    row = InvestigationKey(investigation_id=investigation, student_id=student)
    row.wrapped = Cipher(key).seal_bytes(row, "wrapped", cipher.key)
    return row


def cipher_of(investigation: Investigation) -> Cipher:
    """By whichever copy can be opened. Raises EncryptionError where none can."""
    rows = list(investigation.keys.all())
    keys = opened_keys(row.student_id for row in rows)
    for row in rows:
        if row.student_id in keys:
            with suppress(EncryptionError):
                return Cipher(Cipher(keys[row.student_id]).open_bytes(row, "wrapped"))
    raise EncryptionError("No key of this investigation can be opened.")
