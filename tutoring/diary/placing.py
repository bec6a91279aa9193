"""Putting an appointment at a time: what is seen to be in its way refuses it, what is hidden in one's own gives way.

Of what was ended unseen nobody is told; it stands on the record by its key, without a name (migration 0010).
"""

from typing import Any

from django.db import IntegrityError, connection, transaction

from accounts.models import User
from audit.services import record_each
from tutoring.diary.models import Appointment
from tutoring.diary.selectors import FreeSlot, booked_against


class TakenError(Exception):
    """Somebody is booked at that time already; the message says who, as far as whoever acts may know."""


class NotFromHereError(Exception):
    """In a colleague’s diary something stands against it that this person may not see; what, nobody is told."""


def place(appointment: Appointment, slot: FreeSlot, *, by: User) -> None:
    """Save it at that time unless it meets another; the database refuses the same beginning, seen or not."""
    set_time(appointment, slot)
    refuse_if_taken(appointment)
    give_own_time(appointment, by=by)
    try:
        with transaction.atomic():
            appointment.save(force_insert=True)
    except IntegrityError as error:
        raise TakenError("That time is taken already.") from error


def set_time(appointment: Appointment, slot: FreeSlot) -> None:
    """On the object alone: nothing is saved."""
    appointment.day, appointment.starts_at = slot.day, slot.starts_at
    appointment.minutes, appointment.room = slot.minutes, slot.room


def refuse_if_taken(wanted: Appointment) -> None:
    """TakenError where it meets something that whoever acts may read."""
    meets = next(iter(booked_against(wanted)), None)
    if meets:
        raise TakenError(_taken_words(meets, wanted))


def _taken_words(meets: Appointment, wanted: Appointment) -> str:
    who = "There is" if meets.staff_id == wanted.staff_id else f"{wanted.student.preferred_forename} has"
    return f"{who} an appointment at {meets.starts_at:%H:%M} already."


def give_own_time(wanted: Appointment, *, by: User) -> None:
    """Whoever is booked then in one's own diary and hidden from one is ended, for one gives the time to somebody else.

    Nothing in a colleague's: what is hidden from this person may well be seen by them. Whoever calls it has refused
    what is seen, and takes everything back where it comes to nothing after all.
    """
    if wanted.staff_id == by.pk:
        times = [wanted.day, wanted.starts_at, wanted.ends_at, wanted.together]
        _end_unseen(by, "SELECT guard.give_own_time(%s, %s, %s, %s)", times)


def leave_none_standing(appointment: Appointment, *, by: User) -> None:
    """Whoever is booked with it and hidden from this person is ended in one's own diary, unnamed (migration 0009).

    NotFromHereError in a colleague's: the group stays whole, and whose it is moves it.
    """
    if appointment.together is None:
        return
    try:
        with transaction.atomic():
            _end_unseen(by, "SELECT guard.leave_none_standing(%s)", [appointment.together])
    except IntegrityError as error:
        raise NotFromHereError from error


def _end_unseen(by: User, statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        ended = [Appointment(pk=row[0]) for row in cursor.fetchall()]
    if ended:
        record_each("appointment.ended_unseen", by=by, objs=ended)
