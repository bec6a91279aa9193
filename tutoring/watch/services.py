"""Beginning a watch, looking, ending it with an outcome; each on the record."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation

from accounts.models import User
from audit.services import record
from students.models import Student
from tutoring.watch.enums import Every, Kind, Outcome
from tutoring.watch.models import CheckIn, Watch


class WatchedError(Exception):
    """Somebody watches over this student for the same reason already; nothing was saved."""


@transaction.atomic
def begin_watch(*, by: User, student: Student, **words: Any) -> Watch:
    """From today on."""
    try:
        with transaction.atomic():
            watch = Watch.objects.create(student=student, made_by=by, **words)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise WatchedError from error
        raise
    record("watch.begun", by=by, obj=watch, kind=watch.kind)
    return watch


def newcomer_watch(*, by: User, student: Student) -> Watch:
    """The one row of a new student, made by the first tap."""
    found = Watch.objects.filter(student=student, kind=Kind.NEW).first()
    if found:
        return found
    words = {"kind": Kind.NEW, "who": by, "every": Every.WEEK}
    if student.joined_on:
        words["started_on"] = student.joined_on
    try:
        return begin_watch(by=by, student=student, **words)
    except WatchedError:  # a colleague tapped at this very moment
        return Watch.objects.get(student=student, kind=Kind.NEW)


@transaction.atomic
def look(*, by: User, watch: Watch, words: str = "", came_from: str = "") -> bool:
    """Somebody looked today. False where this person had said so today already."""
    if came_from and came_from != watch.came_from:
        Watch.objects.filter(pk=watch.pk, ended_on=None).update(came_from=came_from)
    today = timezone.localdate()
    try:
        with transaction.atomic():
            CheckIn.objects.create(watch=watch, student_id=watch.student_id, by=by, day=today, words=words)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            return False
        raise
    record("watch.looked", by=by, obj=watch)
    return True


@transaction.atomic
def change_watch(*, by: User, watch: Watch, reason: str, every: int, who: User) -> bool:
    """Said anew; what it said before stays in its history. False where it has ended meanwhile."""
    going_on = Watch.objects.filter(pk=watch.pk, ended_on=None)
    if not going_on.update(reason=reason, every=every, who=who):
        return False
    record("watch.changed", by=by, obj=watch)
    return True


@transaction.atomic
def end_watch(*, by: User, watch: Watch, outcome: str, left_why: str = "", left_for: str = "") -> bool:
    """With an outcome, and of somebody who left why and where to. False where it had ended before."""
    left = {"left_why": left_why, "left_for": left_for} if outcome == Outcome.LEFT else {}
    going_on = Watch.objects.filter(pk=watch.pk, ended_on=None)
    if not going_on.update(outcome=outcome, ended_on=timezone.localdate(), ended_by=by, **left):
        return False
    record("watch.ended", by=by, obj=watch, outcome=outcome)
    return True
