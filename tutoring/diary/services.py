"""Booking an appointment, moving it, and saying what became of it."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from audit.services import record
from core.ids import UUID, uuid7
from students.models import Student
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.diary.selectors import FreeSlot, booked_against, booked_together, kept_together, mark_of_these
from tutoring.groups.selectors import staff_who_see, students_visible_to
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionKind, TutorSession


class TakenError(Exception):
    """Somebody is booked at that time already; the message says who, as far as whoever acts may know."""


class SettledError(Exception):
    """What became of the appointment was said already, perhaps in another tab."""


class ChangedError(Exception):
    """It stands otherwise than the page showed, for somebody was quicker: nothing was written."""


class NotFromHereError(Exception):
    """In a colleague’s diary something stands against it that this person may not see; what, nobody is told."""


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
    _place(appointment, slot)
    record("appointment.booked", by=by, obj=appointment, student=str(student.pk), day=slot.day.isoformat(), kind=what)
    return appointment


@transaction.atomic
def book_together(
    *, by: User, students: Sequence[Student], slot: FreeSlot, kind: SessionKind, submission: UUID | None = None
) -> list[Appointment]:
    """One time in one's own diary with several at once: an appointment for each, all of them or none.

    `submission`: the form's token, by which `booked_by_form` knows them again.

    PermissionDenied where this person logs no sessions with one of them; TakenError where one is booked at that time.
    """
    keys = {student.pk for student in students}
    if students_visible_to(by, Permission.LOG_SESSION).filter(pk__in=keys).count() != len(keys):
        raise PermissionDenied("Sessions are logged with one’s own students.")
    together = _key_of(by, submission or uuid.uuid4(), slot) if len(keys) > 1 else None
    booked = []
    for student in students:
        one = Appointment(
            student=student, staff=by, made_by=by, kind=kind.kind, school_kind=kind, together=together
        )  # fmt: skip
        _place(one, slot)
        record(
            "appointment.booked", by=by, obj=one, student=str(student.pk), day=slot.day.isoformat(), kind=kind.kind,
            together=len(keys),
        )  # fmt: skip
        booked.append(one)
    return booked


def booked_by_form(by: User, submission: UUID, slot: FreeSlot) -> list[Appointment]:
    """What the same form booked at that time for several a moment before, as by a double click, and is booked still."""
    return list(Appointment.objects.filter(together=_key_of(by, submission, slot), made_by=by, state=State.BOOKED))


def _key_of(by: User, submission: UUID, slot: FreeSlot) -> UUID:
    """Of this person: nobody joins a colleague's time by sending its key."""
    return uuid.uuid5(submission, f"{by.pk} {slot.day} {slot.starts_at}")


@transaction.atomic
def move_appointment(*, by: User, appointment: Appointment, slot: FreeSlot, seen: str = "") -> None:
    """Another day, time or room for what is still booked; those booked together move together, or none of them.

    `seen`: the mark of what the page showed (`mark_of_these`); ChangedError where it stands otherwise by now.
    NotFromHereError in a colleague's diary, where something hidden stands against it.
    """
    moved = _still_booked(by, appointment, seen)
    was = moved[0].day
    for one in moved:
        _set(one, slot)
        _refuse_if_taken(one)
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
    _leave_none_standing(appointment)
    return found


def _leave_none_standing(appointment: Appointment) -> None:
    """Whoever is booked with it and hidden from this person is ended in one's own diary, unnamed (migration 0009).

    NotFromHereError in a colleague's: the group stays whole, and whose it is moves it.
    """
    if appointment.together is None:
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT guard.leave_none_standing(%s)", [appointment.together])
    except IntegrityError as error:
        raise NotFromHereError from error


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


def _place(appointment: Appointment, slot: FreeSlot) -> None:
    """Save it at that time unless it meets another; the database refuses the same beginning, seen or not."""
    _set(appointment, slot)
    _refuse_if_taken(appointment)
    try:
        with transaction.atomic():
            appointment.save(force_insert=True)
    except IntegrityError as error:
        raise TakenError("That time is taken already.") from error


def _set(appointment: Appointment, slot: FreeSlot) -> None:
    appointment.day, appointment.starts_at = slot.day, slot.starts_at
    appointment.minutes, appointment.room = slot.minutes, slot.room


def _refuse_if_taken(wanted: Appointment) -> None:
    meets = next(iter(booked_against(wanted)), None)
    if meets:
        raise TakenError(_taken_words(meets, wanted))


def _taken_words(meets: Appointment, wanted: Appointment) -> str:
    who = "There is" if meets.staff_id == wanted.staff_id else f"{wanted.student.preferred_forename} has"
    return f"{who} an appointment at {meets.starts_at:%H:%M} already."


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
        _set(one, FreeSlot(beside.day, beside.starts_at, beside.minutes, beside.room))
    _refuse_if_taken(one)
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
        _leave_none_standing(appointment)
    record(f"appointment.{state.value}", by=by, obj=appointment, student=str(appointment.student_id))
