"""A key for each student, one for each concern, and what is sealed with them (AES-256-GCM, core.encryption).

The key ring opens a student's key, that opens the keys of their concerns, and those open words. So a child's part of
the file becomes unreadable once the child's key is gone, here and in every backup made since (decision 0015), and the
ring is renewed by wrapping the students' keys anew. Each value is bound to its table, row and column.
"""

import base64
import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from core.encryption import KEY_BYTES, EncryptionError, KeyRing, open_json, place_of, seal_json
from core.ids import UUID
from safeguarding.models import Concern, ConcernKey, StudentKey

MOST_AT_ONCE = 2000
Stored = bytes | memoryview  # as a BinaryField's column comes


@dataclass(frozen=True, repr=False)
class Cipher:
    """What opens and seals the words of one concern. It never shows itself."""

    key: bytes

    def seal(self, row: models.Model, column: str, value: Any) -> bytes:
        """JSON, for this column of this row."""
        return self.seal_bytes(row, column, json.dumps(value, ensure_ascii=False).encode())

    def open(self, row: models.Model, column: str) -> Any:
        """What `seal` was given. Raises EncryptionError."""
        return json.loads(self.open_bytes(row, column))

    def seal_bytes(self, row: models.Model, column: str, content: bytes) -> bytes:
        return _ring(self.key).encrypt(content, place_of(row._meta.db_table, row.pk, column))

    def open_bytes(self, row: models.Model, column: str) -> bytes:
        return self.open_at(getattr(row, column), place_of(row._meta.db_table, row.pk, column))

    def open_at(self, sealed: Stored, place: str) -> bytes:
        """What stands at that place (core.encryption.place_of): of many rows, without making each an object."""
        return _ring(self.key).decrypt(bytes(sealed), place)


def new_cipher() -> Cipher:
    return Cipher(secrets.token_bytes(KEY_BYTES))


def wrap_for(cipher: Cipher, concern: UUID, students: Iterable[UUID]) -> list[ConcernKey]:
    """The concern's key under each child's key, or under the ring where there is none; not saved yet.

    A child's key that cannot be opened stops nobody from raising a concern: then the ring's copy is there.
    """
    keys = keys_of_students(students)
    return [wrap(cipher, concern, student, Cipher(key)) for student, key in keys.items()] or [
        wrap_under_ring(cipher, concern)
    ]


def wrap_under_ring(cipher: Cipher, concern: UUID) -> ConcernKey:
    """Where no child is known, and of what is said of adults: that hangs on no child's key."""
    row = ConcernKey(concern_id=concern)
    row.under_ring = seal_json(row, "under_ring", _text(cipher.key))
    return row


def wrap(cipher: Cipher, concern: UUID, student: UUID, under: Cipher) -> ConcernKey:
    """The concern's key under one child's; not saved yet."""
    row = ConcernKey(concern_id=concern, student_id=student)
    row.wrapped = under.seal_bytes(row, "wrapped", cipher.key)
    return row


def new_student_key(student: UUID) -> tuple[StudentKey, Cipher]:
    """A key of their own, under the ring, not saved yet; and what it seals with."""
    cipher, row = new_cipher(), StudentKey(student_id=student)
    row.wrapped = seal_json(row, "wrapped", _text(cipher.key))
    return row, cipher


def cipher_of(concern: Concern) -> Cipher:
    """By whichever copy of its key can be opened. Raises EncryptionError where none can."""
    rows = list(concern.keys.all())
    students = _of_students(StudentKey.objects.filter(student__in=[row.student_id for row in rows]))
    why = EncryptionError("No key of this concern is there.")
    for row in rows:
        try:
            return Cipher(_unwrapped(students, row.pk, row.student_id, row.wrapped, row.under_ring))
        except EncryptionError as error:
            why = error
    raise why


def cipher_to_write(concern: Concern) -> Cipher:
    """The same, to seal something with it. Nobody destroys a key it hangs on before that is there. Raises
    EncryptionError.
    """
    linked = concern.children.values_list("student", flat=True)
    keep_keys([*linked, *concern.keys.exclude(student=None).values_list("student", flat=True)])
    return cipher_of(concern)


def keep_keys(students: Iterable[UUID]) -> None:
    """Until this transaction is over nobody destroys these students' keys (guard.destroying_waits, decision 0015):
    asked before a key is read, so that nothing is ever sealed with one that is gone.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(hashtext('guard.keeping' || s.id::text))"
            " FROM (SELECT DISTINCT unnest(%s::uuid[]) AS id ORDER BY 1) s",
            [list(students)],
        )


def ciphers_of(concerns: models.QuerySet[Concern] | None = None) -> dict[UUID, Cipher]:
    """concern → its cipher, of these or of all that whoever acts may read, in two queries. What cannot be opened is
    left out.
    """
    rows = ConcernKey.objects.all()
    if concerns is not None:
        rows = rows.filter(concern__in=concerns)
    keys = _of_students(StudentKey.objects.filter(student__in=rows.exclude(student=None).values("student")))
    opened: dict[UUID, Cipher] = {}
    columns = rows.values_list("concern_id", "pk", "student_id", "wrapped", "under_ring")
    for concern, pk, student, wrapped, under_ring in columns:
        if concern not in opened:
            with suppress(EncryptionError):
                opened[concern] = Cipher(_unwrapped(keys, pk, student, wrapped, under_ring))
    return opened


def _of_students(rows: Iterable[StudentKey]) -> dict[UUID, Cipher]:
    """student → what their key opens; one that cannot be opened is left out."""
    opened: dict[UUID, Cipher] = {}
    for row in rows:
        with suppress(EncryptionError):
            opened[row.student_id] = Cipher(_bytes(open_json(row, "wrapped")))
    return opened


def _unwrapped(
    students: dict[UUID, Cipher], pk: UUID, student: UUID | None, wrapped: Stored | None, under_ring: Stored | None
) -> bytes:
    """A concern's key, by this row of the table of them."""
    if student is None:
        return _bytes(open_json(ConcernKey(pk=pk, under_ring=under_ring), "under_ring"))
    if student not in students or wrapped is None:
        raise EncryptionError("The child's key is not there, or cannot be opened.")
    return students[student].open_at(wrapped, place_of(ConcernKey._meta.db_table, pk, "wrapped"))


def keys_of_students(students: Iterable[UUID]) -> dict[UUID, bytes]:
    """Of each whose key can be opened, to seal with; whoever has none yet gets one."""
    wanted = set(students)
    keep_keys(wanted)
    found = {key.student_id: key for key in StudentKey.objects.filter(student__in=wanted)}
    if wanted - found.keys():
        give_keys(wanted - found.keys())
        # Of two who give one at the same time, the first is the one that stays.
        found = {key.student_id: key for key in StudentKey.objects.filter(student__in=wanted)}
    opened = {}
    for student, key in found.items():
        with suppress(EncryptionError):
            opened[student] = _bytes(open_json(key, "wrapped"))
    return opened


def opened_keys(students: Iterable[UUID]) -> dict[UUID, bytes]:
    """Of each who has one that can be opened: to read by, as looking gives nobody a key."""
    rows = StudentKey.objects.filter(student__in=set(students))
    return {student: cipher.key for student, cipher in _of_students(rows).items()}


def give_keys(students: Iterable[UUID]) -> None:
    """A key for each that has none; another's that came first stays."""
    rows = [new_student_key(student)[0] for student in students]
    StudentKey.objects.bulk_create(rows, ignore_conflicts=True)


def give_everybody_a_key() -> int:
    """Of students who have none, some at a time, as the job "safeguarding"; returns how many were given one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.students_without_key(%s)", [MOST_AT_ONCE])
        without = [row[0] for row in cursor.fetchall()]
    give_keys(without)
    return len(without)


def _ring(key: bytes) -> KeyRing:
    return KeyRing({1: key})


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
