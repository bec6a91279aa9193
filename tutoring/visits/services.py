"""Planning a visit, leaving, being back, what was found, cancelling; each once, and each on the record."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from psycopg.errors import UniqueViolation

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record
from core.ids import UUID
from students.models import Student
from tutoring.visits.models import HomeVisit


@transaction.atomic
def plan_visit(*, by: User, student: Student, submission: UUID, **words: Any) -> HomeVisit:
    """Once per `submission`; the database asks whether this person visits this student (migration 0002)."""
    try:
        with transaction.atomic():
            visit = HomeVisit.objects.create(visitor=by, student=student, submission=submission, **words)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        return HomeVisit.objects.get(submission=submission, visitor=by)
    discard_draft(by=by, token=submission)
    record("visit.planned", by=by, obj=visit, told=str(visit.told_id))
    return visit


def may_go(visit: HomeVisit, user: User) -> bool:
    """The visitor or whoever goes along; the database asks the same (migration 0002)."""
    return user.pk in (visit.visitor_id, visit.companion_id)


def leave_now(*, by: User, visit: HomeVisit) -> bool:
    """The timer runs; False where they had left before, cancelled it, or its time has gone by."""
    now = timezone.now()
    return _move(by, visit, "visit.out", Q(out_at=None, cancelled=False, back_by__gt=now), out_at=now)


def come_back(*, by: User, visit: HomeVisit) -> bool:
    """The timer ends; False where it had ended before or never ran."""
    return _move(by, visit, "visit.back", Q(out_at__isnull=False, back_at=None), back_at=timezone.now())


def cancel_visit(*, by: User, visit: HomeVisit) -> bool:
    """False where somebody is out on it already."""
    return _move(by, visit, "visit.cancelled", Q(out_at=None, cancelled=False), cancelled=True)


def note_visit(*, by: User, visit: HomeVisit, child_seen: str, who_was_there: str) -> bool:
    """Whether the child was seen, and who was there: once, after coming back."""
    fresh = Q(back_at__isnull=False, child_seen="")
    return _move(by, visit, "visit.noted", fresh, child_seen=child_seen, who_was_there=who_was_there)


@transaction.atomic
def _move(by: User, visit: HomeVisit, action: str, fresh: Q, **values: Any) -> bool:
    """In one statement, so that a button pressed twice, or by both of them, counts once."""
    if not may_go(visit, by):
        raise PermissionDenied("Only whoever goes on the visit says so.")
    if not HomeVisit.objects.filter(fresh, pk=visit.pk).update(**values):
        return False
    record(action, by=by, obj=visit)
    return True
