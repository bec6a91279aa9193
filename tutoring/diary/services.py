"""Booking an appointment, moving it, and saying what became of it."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from audit.services import record
from core.ids import UUID, uuid7
from students.models import Student
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.diary.placing import NotFromHereError as NotFromHereError
from tutoring.diary.placing import TakenError as TakenError
from tutoring.diary.placing import give_own_time, leave_none_standing, place, refuse_if_taken, set_time
from tutoring.diary.selectors import FreeSlot, booked_together, kept_together, mark_of_these
from tutoring.groups.selectors import staff_who_see, students_visible_to
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionKind, TutorSession


class SettledError(Exception):
    """What became of the appointment was said already, perhaps in another tab."""


class ChangedError(Exception):
    """It stands otherwise than the page showed, for somebody was quicker: nothing was written."""


@transaction.atomic
def book_appointment(
    *,
    by: User,
    student: Student,
    staff: User,
    slot: FreeSlot,
    kind: SessionKind | str = Kind.ONE_TO_ONE,
    key: UUID | None = None,
) -> Appointment:
    """Book a time with a student: one's own, or a colleague's for whom one stands in.

    `kind`: one of the school's, or the first it has of a `Kind`. `key`: of the row, where the form decides it.

    PermissionDenied where `staff` may not talk with this student; TakenError where either is booked at that time.
    """
    if not staff_who_see(student, Permission.LOG_SESSION).filter(pk=staff.pk).exists():
        raise PermissionDenied("This member of staff logs no sessions with this student.")
    named = kind if isinstance(kind, SessionKind) else None
    what = named.kind if named else str(kind)
    appointment = Appointment(
        id=key or uuid7(), student=student, staff=staff, made_by=by, kind=what, school_kind=named
    )  # fmt: skip
    place(appointment, slot, by=by)
    record("appointment.booked", by=by, obj=appointment, student=str(student.pk), day=slot.day.isoformat(), kind=what)
    return appointment


@transaction.atomic
def book_together(
    *, by: User, students: Sequence[Student], slot: FreeSlot, kind: SessionKind, key: UUID | None = None
) -> list[Appointment]:
    """One time in one's own diary with several at once: an appointment for each, all of them or none.

    `key`: what they have in common, where the form decides it.

    PermissionDenied where this person logs no sessions with one of them; TakenError where one is booked at that time.
    """
    keys = {student.pk for student in students}
    if students_visible_to(by, Permission.LOG_SESSION).filter(pk__in=keys).count() != len(keys):
        raise PermissionDenied("Sessions are logged with one’s own students.")
    together = (key or uuid.uuid4()) if len(keys) > 1 else None
    booked = []
    for student in students:
        one = Appointment(
            student=student, staff=by, made_by=by, kind=kind.kind, school_kind=kind, together=together
        )  # fmt: skip
        place(one, slot, by=by)
        record(
            "appointment.booked", by=by, obj=one, student=str(student.pk), day=slot.day.isoformat(), kind=kind.kind,
            together=len(keys),
        )  # fmt: skip
        booked.append(one)
    return booked


@transaction.atomic
def move_appointment(*, by: User, appointment: Appointment, slot: FreeSlot, seen: str = "") -> None:
    """Another day, time or room for what is still booked; those booked together move together, or none of them.

    `seen`: the mark of what the page showed (`mark_of_these`); ChangedError where it stands otherwise by now.
    NotFromHereError in a colleague's diary, where something hidden stands against it.
    """
    moved = _still_booked(by, appointment, seen)
    was = moved[0].day
    for one in moved:
        set_time(one, slot)
        refuse_if_taken(one)
    give_own_time(moved[0], by=by)
    _move(by, moved)
    appointment.refresh_from_db()
    for one in moved:
        record(
            "appointment.moved", by=by, obj=one, student=str(one.student_id),
            day=slot.day.isoformat(), was=was.isoformat(),
        )  # fmt: skip


def _still_booked(by: User, appointment: Appointment, seen: str) -> list[Appointment]:
    """Those booked together with it, held against everybody else until the end; itself is one of them."""
    found = list(kept_together(by, appointment).select_for_update(of=("self",)))
    if appointment.pk not in {one.pk for one in found}:
        raise SettledError
    if seen and seen != mark_of_these(found):
        raise ChangedError
    leave_none_standing(appointment, by=by)
    return found


def _move(by: User, moved: list[Appointment]) -> None:
    """All in one statement."""
    first = moved[0]
    place = {name: getattr(first, name) for name in ("day", "starts_at", "minutes", "room")}
    try:
        with transaction.atomic():
            Appointment.objects.filter(pk__in=[one.pk for one in moved]).update(**place)
    except IntegrityError as error:
        if first.staff_id != by.pk:
            raise NotFromHereError from error
        raise TakenError("That time is taken already.") from error


@transaction.atomic
def mark_missed(*, by: User, appointment: Appointment, reason: str) -> None:
    """The student did not come; `reason` in a few words, also where it is "not known"."""
    _end(appointment, State.MISSED, reason, by=by)


@transaction.atomic
def mark_refused(*, by: User, appointment: Appointment, reason: str) -> None:
    """The student did not want to talk, which is theirs to say."""
    _end(appointment, State.REFUSED, reason, by=by)


@transaction.atomic
def note_not_held(
    *, by: User, student: Student, kind: SessionKind, at: dt.datetime, state: State, reason: str
) -> Appointment:
    """Missed or refused without having been booked, as a student does who was asked in the corridor.

    PermissionDenied where this person logs no sessions with the student.
    """
    if not students_visible_to(by, Permission.LOG_SESSION).filter(pk=student.pk).exists():
        raise PermissionDenied("Sessions are logged with one’s own students.")
    local = timezone.localtime(at)
    noted = Appointment.objects.create(
        student=student, staff=by, made_by=by, kind=kind.kind, school_kind=kind, state=state, reason=reason,
        unbooked=True, day=local.date(), starts_at=local.time().replace(second=0, microsecond=0),
    )  # fmt: skip
    record(f"appointment.{state.value}", by=by, obj=noted, student=str(student.pk))
    return noted


@transaction.atomic
def cancel_appointment(*, by: User, appointment: Appointment, reason: str) -> None:
    """Staff could not, or it is no longer needed; not counted against the student."""
    _end(appointment, State.CANCELLED, reason, by=by)


@transaction.atomic
def take_note_back(*, by: User, noted: Appointment) -> None:
    """What was noted as missed or refused without a booking is gone, for there is no booking to go back to.

    Its history keeps it. PermissionDenied where somebody else noted it.
    """
    if not noted.unbooked or noted.made_by_id != by.pk:
        raise PermissionDenied("Whoever noted it takes it back.")
    record("appointment.removed", by=by, obj=noted, student=str(noted.student_id), state=noted.state)
    if not Appointment.objects.filter(pk=noted.pk).delete()[0]:
        raise SettledError


@transaction.atomic
def cancel_together(*, by: User, appointment: Appointment, reason: str, seen: str = "") -> list[Appointment]:
    """All who are still booked at one time with it, itself among them; each is cancelled for themselves.

    ChangedError and NotFromHereError as for `move_appointment`.
    """
    booked = _still_booked(by, appointment, seen)
    for one in booked:
        _end(one, State.CANCELLED, reason, by=by)
    return booked


@transaction.atomic
def mark_held(*, by: User, appointment: Appointment, session: TutorSession) -> None:
    """It became this conversation with the same student: for what the trigger cannot know, as one held a day later."""
    if session.student_id != appointment.student_id:
        raise ValueError("The session is with another student.")
    _end(appointment, State.HELD, "", by=by, session=session)


@transaction.atomic
def reopen_appointment(*, by: User, appointment: Appointment) -> None:
    """Take an outcome back that was pressed by mistake; not that of one that was held, for its session stands.

    Whoever was booked with others is with them again, where they have been moved to. TakenError where that time, or a
    part of it, was given to somebody in the meantime.
    """
    ended = Appointment.objects.filter(pk=appointment.pk, unbooked=False).exclude(state__in=(State.BOOKED, State.HELD))
    one = ended.select_related("student").select_for_update(of=("self",)).first()
    if one is None:
        raise SettledError
    others = booked_together(one) if one.together else Appointment.objects.none()
    beside = others.first()
    if beside:
        set_time(one, FreeSlot(beside.day, beside.starts_at, beside.minutes, beside.room))
    refuse_if_taken(one)
    give_own_time(one, by=by)
    one.state, one.reason = State.BOOKED, ""
    try:
        with transaction.atomic():
            one.save(update_fields=["state", "reason", "day", "starts_at", "minutes", "room"])
    except IntegrityError as error:
        raise TakenError("It cannot be put back at that time any more. Book another time.") from error
    appointment.refresh_from_db()
    record("appointment.reopened", by=by, obj=appointment, student=str(appointment.student_id))


def _end(appointment: Appointment, state: State, reason: str, *, by: User, session: TutorSession | None = None) -> None:
    """One outcome an appointment: whoever comes second hears of it instead of writing over the first."""
    booked = Appointment.objects.filter(pk=appointment.pk, state=State.BOOKED)
    if not booked.update(state=state, reason=reason, session=session):
        raise SettledError
    appointment.refresh_from_db()
    given_up = state == State.CANCELLED and appointment.staff_id == by.pk
    if given_up and not kept_together(by, appointment).exists():
        leave_none_standing(appointment, by=by)
    record(f"appointment.{state.value}", by=by, obj=appointment, student=str(appointment.student_id))
