"""Breaking the glass: the headteacher reads one child's file for an hour, and each lead knows of it (facts 4.4).

PostgreSQL says for whom, of what and until when; here is what the pages ask.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from psycopg.errors import CheckViolation

from accounts.models import User
from accounts.permissions import Permission
from audit.services import record
from core.encryption import EncryptionError
from core.ids import UUID
from core.queueing import ring
from safeguarding.keys import Cipher, keys_of_students, opened_keys
from safeguarding.selectors import NOT_READABLE
from safeguarding.sharing.models import GlassBreak, GlassSeen
from students.models import Student
from tutoring.groups.selectors import students_visible_to

LASTS = dt.timedelta(minutes=60)


class NobodyToldError(Exception):
    """Nobody is there who would be told of it: the database refuses."""


@dataclass(frozen=True)
class Glass:
    """One time the glass was broken, with the reason opened."""

    row: GlassBreak
    why: str

    @property
    def until(self) -> dt.datetime:
        return self.row.opened_at + LASTS


def broken_now(user: User) -> Glass | None:
    """What this person may read at present, if anything; the database's clock says so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.glass_child()")
        child = cursor.fetchone()
    mine = _rows().filter(person=user, student=child[0]) if child else GlassBreak.objects.none()
    return next(iter(_opened(mine[:1])), None)


def alarms() -> QuerySet[GlassBreak]:
    """Of the children whose file whoever acts keeps; PostgreSQL shows nobody else's."""
    return _rows()


def not_seen_by(user: User) -> list[GlassBreak]:
    """What this lead has not yet said that they know of."""
    return list(_rows().exclude(person=user).exclude(seen__person=user))


def of_children(students: Iterable[UUID]) -> list[Glass]:
    """Each time it was broken for one of these, for those who keep their file: the newest first."""
    return _opened(_rows().filter(student__in=list(students)))


def opened_reason(row: GlassBreak) -> Glass:
    return _opened([row])[0]


def _rows() -> QuerySet[GlassBreak]:
    seen = GlassSeen.objects.select_related("person").order_by("seen_at")
    rows = GlassBreak.objects.select_related("student", "person").prefetch_related(Prefetch("seen", seen))
    return rows.order_by("-opened_at", "pk")


def _opened(rows: Iterable[GlassBreak]) -> list[Glass]:
    found = list(rows)
    keys = opened_keys({row.student_id for row in found}) if found else {}
    return [Glass(row, _why(row, keys.get(row.student_id))) for row in found]


def _why(row: GlassBreak, key: bytes | None) -> str:
    try:
        return str(Cipher(key).open(row, "why")) if key else NOT_READABLE
    except (EncryptionError, ValueError):
        return NOT_READABLE


def keeps_anyway(user: User, student: Student) -> bool:
    """Whether this person's own role keeps the child's file: then there is no glass to break."""
    return students_visible_to(user, Permission.KEEP_FILE).filter(pk=student.pk).exists()


@transaction.atomic
def break_glass(*, by: User, student: Student, why: str) -> GlassBreak:
    """For an hour from now. The alarm goes whether or not there is anything to read.

    Raises NobodyToldError, and EncryptionError where the child's key cannot be opened.
    """
    key = keys_of_students([student.pk]).get(student.pk)
    if key is None:
        raise EncryptionError("The child's key cannot be opened.")
    row = GlassBreak(student=student, person=by, opened_at=timezone.now())
    row.why = Cipher(key).seal(row, "why", why)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, CheckViolation):
            raise NobodyToldError from error
        raise
    record("file.glass_broken", by=by, obj=student)
    ring("safeguarding.send_alerts")
    return row


@transaction.atomic
def see_glass(*, by: User, row: GlassBreak) -> bool:
    """They know of it; False where they said so before."""
    seen, made = GlassSeen.objects.get_or_create(glass=row, person=by, defaults={"seen_at": timezone.now()})
    if made:
        record("file.glass_seen", by=by, obj=seen.glass)
    return made
