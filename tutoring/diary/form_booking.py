"""Booking what a form asks for, once however often it is sent: by the form's token and the time (decision 0005)."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from core.ids import UUID
from students.models import Student
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.diary.selectors import FreeSlot
from tutoring.diary.services import TakenError, book_appointment, book_together
from tutoring.sessions.models import SessionKind


class SentBeforeError(Exception):
    """The same form booked that time before with other words: `booked` stands, and nothing is added."""

    def __init__(self, booked: Appointment) -> None:
        super().__init__()
        self.booked = booked


@dataclass(frozen=True)
class Wish:
    """What one form asks for; several students only in one's own diary. Another time is another wish."""

    by: User
    staff: User
    students: Sequence[Student]
    slot: FreeSlot
    kind: SessionKind
    submission: UUID

    @property
    def key(self) -> UUID:
        return _key_of(self.by, self.submission, self.slot.day, self.slot.starts_at)

    def before(self) -> list[Appointment]:
        """What the same form booked a moment before, as by a double click, and is booked still; SentBeforeError where
        somebody else, another kind, length or room was said, or where it was moved since.
        """
        booked = list(_booked_under(self.key, self.by).select_related("school_kind"))
        if booked and {_said(one) for one in booked} != self._says():
            raise SentBeforeError(booked[0])
        return booked

    def _says(self) -> set[tuple[object, ...]]:
        return {(self.staff.pk, student.pk, self.kind.pk, self.slot) for student in self.students}


def _key_of(by: User, submission: UUID, day: dt.date, starts_at: dt.time) -> UUID:
    """Of this person: nobody joins a colleague's time by sending its key."""
    return uuid.uuid5(submission, f"{by.pk} {day} {starts_at}")


def _booked_under(key: UUID, by: User) -> QuerySet[Appointment]:
    return Appointment.objects.filter(Q(together=key) | Q(pk=key), made_by=by, state=State.BOOKED)


def _slot_of(one: Appointment) -> FreeSlot:
    return FreeSlot(one.day, one.starts_at, one.minutes, one.room)


def _said(one: Appointment) -> tuple[object, ...]:
    return one.staff_id, one.student_id, one.school_kind_id, _slot_of(one)


def taken_by_form(by: User, submission: UUID, chosen: str) -> list[FreeSlot]:
    """The free time that the same form chose a moment before and has: sent again it is still its to choose."""
    try:
        begins = dt.datetime.fromisoformat(chosen)
    except ValueError:
        return []
    found = _booked_under(_key_of(by, submission, begins.date(), begins.time()), by).first()
    return [_slot_of(found)] if found else []


def book_wish(wish: Wish) -> list[Appointment]:
    """An appointment for each. TakenError, PermissionDenied and SentBeforeError; none is booked then."""
    before = wish.before()
    if before:
        return before
    try:
        return _book(wish)
    except TakenError:  # by nobody else, it may be, than the same form sent a moment before
        before = wish.before()
        if not before:
            raise
        return before


def _book(wish: Wish) -> list[Appointment]:
    if len(wish.students) > 1:
        return book_together(by=wish.by, students=wish.students, slot=wish.slot, kind=wish.kind, key=wish.key)
    [student] = wish.students
    # Cancelled since, and asked for once more: a row of its own.
    key = None if Appointment.objects.filter(pk=wish.key).exists() else wish.key
    return [book_appointment(by=wish.by, student=student, staff=wish.staff, slot=wish.slot, kind=wish.kind, key=key)]
