"""Booking an appointment, moving it, and saying what became of it; the times one gives for them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from audit.services import record
from students.models import Student
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment, Slot
from tutoring.diary.selectors import FreeSlot, booked_against
from tutoring.groups.selectors import staff_who_see, students_visible_to
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionKind, TutorSession


class TakenError(Exception):
    """Somebody is booked at that time already; the message says who, as far as whoever acts may know."""


class SettledError(Exception):
    """What became of the appointment was said already, perhaps in another tab."""


@transaction.atomic
def book_appointment(
    *, by: User, student: Student, staff: User, slot: FreeSlot, kind: SessionKind | str = Kind.ONE_TO_ONE
) -> Appointment:
    """Book a time with a student: one's own, or a colleague's for whom one stands in.

    `kind`: one of the school's, or the first it has of a `Kind`.

    PermissionDenied where `staff` may not talk with this student; TakenError where either is booked at that time.
    """
    if not staff_who_see(student, Permission.LOG_SESSION).filter(pk=staff.pk).exists():
        raise PermissionDenied("This member of staff logs no sessions with this student.")
    named = kind if isinstance(kind, SessionKind) else None
    what = named.kind if named else str(kind)
    appointment = Appointment(student=student, staff=staff, made_by=by, kind=what, school_kind=named)
    _place(appointment, slot)
    record("appointment.booked", by=by, obj=appointment, student=str(student.pk), day=slot.day.isoformat(), kind=what)
    return appointment


@transaction.atomic
def move_appointment(*, by: User, appointment: Appointment, slot: FreeSlot) -> None:
    """Another day, time or room for what is still booked."""
    was = appointment.day
    _require_booked(appointment)
    _place(appointment, slot)
    record(
        "appointment.moved", by=by, obj=appointment, student=str(appointment.student_id),
        day=slot.day.isoformat(), was=was.isoformat(),
    )  # fmt: skip


def _place(appointment: Appointment, slot: FreeSlot) -> None:
    """Save it at that time unless it meets another; the database refuses the same beginning, seen or not."""
    appointment.day, appointment.starts_at = slot.day, slot.starts_at
    appointment.minutes, appointment.room = slot.minutes, slot.room
    meets = next(iter(booked_against(appointment)), None)
    if meets:
        raise TakenError(_taken_words(meets, appointment))
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as error:
        raise TakenError("That time is taken already.") from error


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
        day=local.date(), starts_at=local.time().replace(second=0, microsecond=0),
    )  # fmt: skip
    record(f"appointment.{state.value}", by=by, obj=noted, student=str(student.pk))
    return noted


@transaction.atomic
def cancel_appointment(*, by: User, appointment: Appointment, reason: str) -> None:
    """Staff could not, or it is no longer needed; not counted against the student."""
    _end(appointment, State.CANCELLED, reason, by=by)


@transaction.atomic
def mark_held(*, by: User, appointment: Appointment, session: TutorSession) -> None:
    """It became this conversation with the same student: for what the trigger cannot know, as one held a day later."""
    if session.student_id != appointment.student_id:
        raise ValueError("The session is with another student.")
    _end(appointment, State.HELD, "", by=by, session=session)


@transaction.atomic
def reopen_appointment(*, by: User, appointment: Appointment) -> None:
    """Take an outcome back that was pressed by mistake; not that of one that was held, for its session stands."""
    ended = Appointment.objects.filter(pk=appointment.pk).exclude(state__in=(State.BOOKED, State.HELD))
    try:
        with transaction.atomic():
            changed = ended.update(state=State.BOOKED, reason="")
    except IntegrityError as error:
        raise TakenError("That time has been given to somebody else.") from error
    if not changed:
        raise SettledError
    appointment.refresh_from_db()
    record("appointment.reopened", by=by, obj=appointment, student=str(appointment.student_id))


def _end(appointment: Appointment, state: State, reason: str, *, by: User, session: TutorSession | None = None) -> None:
    """One outcome an appointment: whoever comes second hears of it instead of writing over the first."""
    booked = Appointment.objects.filter(pk=appointment.pk, state=State.BOOKED)
    if not booked.update(state=state, reason=reason, session=session):
        raise SettledError
    appointment.refresh_from_db()
    record(f"appointment.{state.value}", by=by, obj=appointment, student=str(appointment.student_id))


def _require_booked(appointment: Appointment) -> None:
    if not Appointment.objects.select_for_update().filter(pk=appointment.pk, state=State.BOOKED).exists():
        raise SettledError


@dataclass
class Booked:
    """What came of booking many at once: the appointments made, and those whose time was taken in the meantime."""

    made: list[Appointment] = field(default_factory=list)
    taken: list[tuple[Student, FreeSlot]] = field(default_factory=list)


@transaction.atomic
def book_term(
    *, by: User, staff: User, places: Iterable[tuple[Student, FreeSlot]], kind: str = Kind.ONE_TO_ONE
) -> Booked:
    """Book these students at these times, as `term_plan` proposed and a person confirmed; what is taken is said."""
    booked = Booked()
    for student, slot in places:
        try:
            booked.made.append(book_appointment(by=by, student=student, staff=staff, slot=slot, kind=kind))
        except TakenError:
            booked.taken.append((student, slot))
    return booked


@transaction.atomic
def add_slot(*, by: User, slot: Slot) -> Slot:
    """A time of the week that one gives from now on."""
    slot.staff = by
    slot.save()
    record("slot.added", by=by, obj=slot, weekday=slot.get_weekday_display(), at=f"{slot.starts_at:%H:%M}")
    return slot


@transaction.atomic
def remove_slot(*, by: User, slot: Slot) -> None:
    """No longer given; what is booked in it stays booked."""
    record("slot.removed", by=by, obj=slot, weekday=slot.get_weekday_display(), at=f"{slot.starts_at:%H:%M}")
    slot.delete()
