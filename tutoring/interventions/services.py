"""Setting an intervention up, who is in it, its meetings, entry and exit, and the evaluation that closes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation

from accounts.drafts import discard_draft
from accounts.models import School, User
from audit.services import record
from core.ids import UUID
from students.models import Student
from tutoring.interventions.models import Dose, Helper, Intervention, Member, Sitting

Measured = tuple[Decimal | None, Decimal | None]


class ClosedError(Exception):
    """It was evaluated meanwhile; nothing was saved."""


class UnfinishedError(Exception):
    """Somebody in it has no outcome yet; nothing was saved."""


@dataclass(frozen=True)
class Said:
    """What became of one student: −2…+2, a few words, and the measure at exit."""

    outcome: int
    words: str = ""
    exit: Decimal | None = None


@transaction.atomic
def set_up(
    *, by: User, submission: UUID, fields: Mapping[str, Any], helpers: Iterable[User], students: Iterable[Student]
) -> Intervention:
    """Once per `submission`, the token of the form."""
    school = cast(School, by.school)
    try:
        with transaction.atomic():
            made = Intervention.objects.create(made_by=by, school=school, submission=submission, **fields)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        return Intervention.objects.get(submission=submission, made_by=by)
    _write_helpers(made, helpers)
    record("intervention.made", by=by, obj=made)
    take_in(by=by, intervention=made, students=students)
    discard_draft(by=by, token=submission)
    return made


@transaction.atomic
def change_intervention(*, by: User, intervention: Intervention, helpers: Iterable[User], draft: UUID | None) -> None:
    """Saves what the form changed on it."""
    _refuse_closed(intervention)
    intervention.save()
    _write_helpers(intervention, helpers)
    discard_draft(by=by, token=draft)
    record("intervention.changed", by=by, obj=intervention)


def _write_helpers(intervention: Intervention, helpers: Iterable[User]) -> None:
    wanted = {user.pk for user in helpers} - {intervention.lead_id}
    now = set(intervention.helping.values_list("user", flat=True))
    intervention.helping.filter(user__in=now - wanted).delete()
    Helper.objects.bulk_create(Helper(intervention=intervention, user_id=key) for key in sorted(wanted - now))


def _refuse_closed(intervention: Intervention) -> None:
    """One at a time, so that nothing is added while it is being closed."""
    locked = Intervention.objects.select_for_update(no_key=True).filter(pk=intervention.pk, closed_on=None)
    if not locked.exists():
        raise ClosedError


@transaction.atomic
def take_in(*, by: User, intervention: Intervention, students: Iterable[Student]) -> int:
    """From today, or from its first day where that is still to come; who is in it already stays. How many were new."""
    _refuse_closed(intervention)
    known = set(intervention.members.values_list("student", flat=True))
    start = max(intervention.starts_on, timezone.localdate()) if known else intervention.starts_on
    new = [Member(intervention=intervention, student=s, starts_on=start) for s in students if s.pk not in known]
    Member.objects.bulk_create(new)
    for member in new:
        record("intervention.student_added", by=by, obj=member)
    return len(new)


@transaction.atomic
def change_member(*, by: User, member: Member) -> None:
    """The days and the reason for leaving early, as the form changed them."""
    _refuse_closed(member.intervention)
    member.save(update_fields=["starts_on", "ends_on", "left_why"])
    record("intervention.student_changed", by=by, obj=member)


@transaction.atomic
def save_measures(*, by: User, intervention: Intervention, measured: Mapping[UUID, Measured]) -> None:
    """member → at entry, at exit."""
    _refuse_closed(intervention)
    for key, (entry, exit_) in measured.items():
        Member.objects.filter(pk=key, intervention=intervention).update(entry=entry, exit=exit_)
    record("intervention.measured", by=by, obj=intervention)


def _presence(meeting: Sitting, member: Member, came: bool) -> Dose:
    minutes = meeting.minutes if came else 0
    return Dose(meeting=meeting, member=member, student_id=member.student_id, came=came, minutes=minutes)


@transaction.atomic
def log_meeting(
    *, by: User, intervention: Intervention, submission: UUID, fields: Mapping[str, Any], came: Mapping[Member, bool]
) -> Sitting:
    """Who came and who did not, once per `submission`."""
    found = Sitting.objects.filter(submission=submission, by=by).first()
    if found:
        return found
    _refuse_to_strangers(intervention)
    meeting = Sitting.objects.create(intervention=intervention, by=by, submission=submission, **fields)
    Dose.objects.bulk_create(_presence(meeting, member, there) for member, there in came.items())
    record("intervention.met", by=by, obj=meeting, there=sum(came.values()), away=len(came) - sum(came.values()))
    return meeting


def _refuse_to_strangers(intervention: Intervention) -> None:
    """The database says both again (migration 0002)."""
    if not intervention.is_open:
        raise ClosedError
    if not vars(intervention).get("run"):
        raise PermissionDenied("Meetings are logged by whoever leads it or helps.")


@transaction.atomic
def correct_meeting(*, by: User, meeting: Sitting, came: Mapping[Member, bool]) -> None:
    """What the form changed on it, by whoever logged it; who was not counted then is counted now."""
    if meeting.by_id != by.pk:
        raise PermissionDenied("A meeting is corrected by whoever logged it.")
    meeting.save(update_fields=["held_on", "minutes", "note"])
    known = {presence.member_id: presence for presence in Dose.objects.filter(meeting=meeting)}
    new = []
    for member, there in came.items():
        right, now = _presence(meeting, member, there), known.get(member.pk)
        if now is None:
            new.append(right)
        elif (now.came, now.minutes) != (right.came, right.minutes):
            Dose.objects.filter(pk=now.pk).update(came=right.came, minutes=right.minutes)
    Dose.objects.bulk_create(new)
    record("intervention.meeting_corrected", by=by, obj=meeting)


@transaction.atomic
def evaluate(
    *, by: User, intervention: Intervention, said: Mapping[UUID, Said], worked: str, decision: str, draft: UUID | None
) -> None:
    """Closes it with an outcome for every student in it. ClosedError, UnfinishedError; the database holds it too."""
    _refuse_closed(intervention)
    for key, one in said.items():
        values = {"outcome": one.outcome, "outcome_words": one.words, "exit": one.exit}
        Member.objects.filter(pk=key, intervention=intervention).update(**values)
    try:
        with transaction.atomic():
            Intervention.objects.filter(pk=intervention.pk).update(
                closed_on=timezone.localdate(), worked=worked, decision=decision
            )
    except IntegrityError as error:
        raise UnfinishedError from error
    discard_draft(by=by, token=draft)
    record("intervention.evaluated", by=by, obj=intervention, decision=decision)
