"""Keeping a lead who is a relative, a friend or a party from a child's file, or from one concern (decision 0011).

That person never learns it: PostgreSQL shows the row to everybody who reads what it is about, but not to them.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from psycopg.errors import CheckViolation

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import Permission
from audit.services import record
from core.encryption import EncryptionError, open_json, seal_json
from core.queueing import ring
from safeguarding.enums import Store
from safeguarding.models import Concern, KeptFrom
from safeguarding.selectors import NOT_READABLE
from students.models import Student
from tutoring.groups.selectors import students_visible_to


class NobodyLeftError(Exception):
    """It is not theirs to keep somebody from, or nobody is there to agree to it: the database refuses."""


@dataclass(frozen=True)
class Kept:
    """Somebody who is kept from it, and why, in the words of whoever said so."""

    row: KeptFrom
    why: str


def kept_from(concern: Concern) -> list[Kept]:
    """Who is kept from this concern or from one of its children today, as far as whoever acts may read it."""
    rows = KeptFrom.objects.select_related("person", "set_by", "student").filter(_of(concern), ended_at=None)
    return [Kept(row, _why(row)) for row in rows.order_by("set_at", "pk")]


def _of(concern: Concern) -> Q:
    return Q(concern=concern) | Q(student__in=concern.children.values("student"))


def _why(row: KeptFrom) -> str:
    try:
        return str(open_json(row, "why"))
    except EncryptionError:
        return NOT_READABLE


def children_to_keep(by: User, concern: Concern) -> list[Student]:
    """Children of it whose whole file this person reads: from another's they keep nobody."""
    if concern.store != Store.CHILDREN:
        return []
    reached = students_visible_to(by, Permission.KEEP_FILE)
    return list(reached.filter(pk__in=concern.children.values("student")).order_by("sort_name", "pk"))


def is_kept(*, person: User, concern: Concern, student: Student | None) -> bool:
    """Whether the very same is said already."""
    of = Q(student=student) if student else Q(concern=concern)
    return KeptFrom.objects.filter(of, person=person, ended_at=None).exists()


@transaction.atomic
def keep_from(*, by: User, concern: Concern, person: User, student: Student | None, why: str) -> None:
    """From all of the student's file, or, without one, from this concern. Raises NobodyLeftError.

    What they had in hand of it is in nobody's from then on (the trigger kept_from_lets_go); where nobody is left who
    reads it, the next does. Where the designated lead is kept from it and `by` alone would be left, the headteacher
    agrees first (safeguarding.sharing).
    """
    row = KeptFrom(person=person, student=student, concern=None if student else concern, set_by=by)
    row.why = seal_json(row, "why", why)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, CheckViolation):
            raise NobodyLeftError from error
        raise
    if Role.DSL in person.roles:
        # Who leads on safeguarding is kept from nothing unseen: neither child nor concern is on this line.
        record("file.lead_kept_from", by=by, kept=str(person.pk))
        ring("safeguarding.send_alerts")
    record("file.kept_from", by=by, obj=concern, kept=str(person.pk), student_of=str(student.pk) if student else "")


@transaction.atomic
def let_read_again(*, by: User, concern: Concern, row: KeptFrom) -> bool:
    """False where a colleague was quicker. Said twice at the same moment, it ends once."""
    same = KeptFrom.objects.filter(person=row.person_id, student=row.student_id, concern=row.concern_id, ended_at=None)
    if not same.update(ended_at=timezone.now(), ended_by=by):
        return False
    student = str(row.student_id or "")
    record("file.kept_from_ended", by=by, obj=concern, kept=str(row.person_id), student_of=student)
    return True
