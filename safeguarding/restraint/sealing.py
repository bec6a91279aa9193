"""What opens and seals the words of a record: the key of its pupil, so that without it they are unreadable."""

import base64

from core.encryption import EncryptionError, open_json
from core.ids import UUID
from safeguarding.keys import Cipher, keys_of_students
from safeguarding.models import StudentKey


def cipher_of_pupil(student: UUID) -> Cipher:
    """Raises EncryptionError where their key is not there, or not for whoever acts."""
    row = StudentKey.objects.filter(student=student).first()
    if row is None:
        raise EncryptionError("The child's key is not there.")
    return Cipher(base64.b64decode(open_json(row, "wrapped")))


def cipher_to_record(student: UUID) -> Cipher:
    """The same; whoever has no key yet gets one. Raises EncryptionError."""
    keys = keys_of_students([student])
    if student not in keys:
        raise EncryptionError("The child's key cannot be opened.")
    return Cipher(keys[student])
