"""Saving a planner check and how often; entering a reward or sanction for many, following up, withdrawing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from audit.services import record, record_each
from core.ids import UUID
from students.models import Student
from tutoring.conduct.models import ConductEntry, ConductType, PlannerCheck, PlannerException, PlannerRhythm
from tutoring.conduct.planners import State, check_on, groups_to_check, mark_of_state, state_of
from tutoring.conduct.selectors import fits
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import students_visible_to


class RefusedError(Exception):
    """Not for this person, or no longer possible; the message says why, in words for them. Nothing was saved."""


class OtherwiseMeanwhileError(Exception):
    """The check was saved otherwise since the grid was opened; `now` is what it says. Nothing was saved."""

    def __init__(self, now: State) -> None:
        super().__init__("The check was saved otherwise meanwhile.")
        self.now = now


@dataclass(frozen=True)
class Saved:
    """The check, and whether this call wrote anything (False: the same grid had arrived before)."""

    check: PlannerCheck
    changed: bool


@transaction.atomic
def save_check(*, by: User, group: TutorGroup, day: dt.date, submission: UUID, found: State, opened_with: str) -> Saved:
    """The group's check of that day, made or corrected by its author: once, whatever is sent twice.

    `found`: student → (issue, words) of whoever was not fine; `opened_with`: mark of the state when opened.
    """
    if not groups_to_check(by).filter(pk=group.pk).exists():
        raise PermissionDenied("Planners are checked by those who have the group and those who lead over it.")
    with connection.cursor() as cursor:  # two tabs, or two tutors, one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"planners {group.pk} {day}"])
    check = check_on(group, day)
    if check and check.by_id != by.pk:
        raise RefusedError(f"{check.by} has checked the planners of {group} that day already.")
    now = state_of(check)
    if check and found == now:
        return Saved(check, changed=False)
    if check and opened_with != mark_of_state(now):
        raise OtherwiseMeanwhileError(now)
    made = check is None
    check = check or _new_check(group, day, by, submission)
    _keep(check, now, found)
    record("planners.checked" if made else "planners.corrected", by=by, obj=check, exceptions=len(found))
    return Saved(check, changed=True)


def _new_check(group: TutorGroup, day: dt.date, by: User, submission: UUID) -> PlannerCheck:
    try:
        with transaction.atomic():
            return PlannerCheck.objects.create(group=group, day=day, by=by, submission=submission)
    except IntegrityError as taken:  # the key of another form: nobody's browser sends it
        raise RefusedError("This form belongs to another check. Open the group’s grid again.") from taken


def _keep(check: PlannerCheck, now: State, found: State) -> None:
    """Bring the rows to what was found; those that stay as they are stay untouched."""
    rows = PlannerException.objects.filter(check_of=check)
    rows.filter(student__in=now.keys() - found.keys()).delete()
    for student in now.keys() & found.keys():
        if now[student] != found[student]:
            issue, words = found[student]
            rows.filter(student=student).update(issue=issue, words=words)
    PlannerException.objects.bulk_create(
        PlannerException(check_of=check, student_id=student, issue=issue, words=words)
        for student, (issue, words) in found.items()
        if student not in now
    )


@dataclass(frozen=True)
class Entered:
    """The entries, and whether this call made them (False: the same form had arrived before)."""

    entries: list[ConductEntry]
    created: bool


@transaction.atomic
def enter_conduct(
    *, by: User, students: Sequence[Student], kind: ConductType, day: dt.date, comment: str, submission: UUID
) -> Entered:
    """One entry for each student, once per `submission`; a trigger counts each as a behaviour event.

    PermissionDenied where one of them is not theirs to enter for, RefusedError where one may not be given it.
    """
    wanted = {student.pk for student in students}
    if students_visible_to(by, Permission.ENTER_CONDUCT).filter(pk__in=wanted).count() != len(wanted):
        raise PermissionDenied("Rewards and sanctions are entered for one’s own students.")
    if others := [student.name for student in students if not fits(kind, student)]:
        raise RefusedError(f"{kind} is of {kind.house} alone, and not for {', '.join(others)}.")
    sent_before = list(ConductEntry.objects.filter(submission=submission, author=by))
    if sent_before:
        return Entered(sent_before, created=False)
    follow_up = day + dt.timedelta(days=kind.follow_up_days) if kind.follow_up_days else None
    try:
        with transaction.atomic():
            entries = ConductEntry.objects.bulk_create(
                ConductEntry(
                    student=student, type=kind, author=by, submission=submission, day=day, comment=comment,
                    follow_up_on=follow_up,
                )
                for student in sorted(students, key=lambda student: student.pk)
            )  # fmt: skip
    except IntegrityError as twice:  # at the same moment by the same person's other tab
        raise RefusedError("This form was just sent from another window. Look at your entries below.") from twice
    record_each("conduct.entered", by=by, objs=entries, type=str(kind.pk))
    return Entered(entries, created=True)


@transaction.atomic
def follow_up(*, by: User, entry: ConductEntry, words: str) -> None:
    """What came of it, in a sentence, today; once."""
    waiting = ConductEntry.objects.filter(pk=entry.pk, author=by, followed_up_on=None, withdrawn_at=None)
    if not waiting.update(followed_up_on=timezone.localdate(), follow_up_words=words):
        raise RefusedError("This entry was followed up or withdrawn meanwhile.")
    record("conduct.followed_up", by=by, obj=entry)


@transaction.atomic
def withdraw(*, by: User, entry: ConductEntry, reason: str) -> None:
    """Take one's own entry back on the day it was entered: it stays, with the reason, and counts no longer."""
    if not entry.may_be_withdrawn:
        raise RefusedError("An entry is withdrawn on the day it was entered, and once.")
    mine = ConductEntry.objects.filter(pk=entry.pk, author=by, withdrawn_at=None)
    if not mine.update(withdrawn_at=timezone.now(), withdrawn_reason=reason):
        raise RefusedError("This entry was withdrawn meanwhile.")
    record("conduct.withdrawn", by=by, obj=entry)


@transaction.atomic
def save_rhythm(*, by: User, rhythm: PlannerRhythm) -> PlannerRhythm:
    """How often planners are checked."""
    rhythm.save()
    record("planner_rhythm.saved", by=by, obj=rhythm)
    return rhythm
