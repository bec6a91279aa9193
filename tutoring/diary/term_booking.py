"""Booking a term in one go, once for each form that asks for it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import User
from core.ids import UUID
from students.models import Student
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.diary.selectors import FreeSlot, kind_of_1_1
from tutoring.diary.services import TakenError, book_appointment
from tutoring.sessions.models import SessionKind


class NoKindError(Exception):
    """The school has no kind of 1:1 in use, so none is booked."""


@dataclass
class Booked:
    """What came of booking many at once: the appointments made, and those whose time was taken in the meantime."""

    made: list[Appointment] = field(default_factory=list)
    taken: list[Student] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """A row of the form; `key`: the same for one form and student, so that it is made once however often it is sent."""

    student: Student
    slot: FreeSlot | None
    key: UUID


@transaction.atomic
def book_term(*, by: User, staff: User, submission: UUID, places: Iterable[tuple[Student, FreeSlot | None]]) -> Booked:
    """Book a 1:1 with these students at these times, as `term_plan` proposed and a person confirmed; what is taken is
    said, as is None for a time that is not free by now.

    Once per `submission` (the form's token): sent again, as by a double click, the first answer is given again.
    NoKindError where the school has no kind of 1:1 in use.
    """
    kind = kind_of_1_1(staff)
    if kind is None:
        raise NoKindError
    wanted = [Wanted(student, slot, uuid.uuid5(submission, str(student.pk))) for student, slot in places]
    before = Appointment.objects.filter(made_by=by).in_bulk([one.key for one in wanted])
    booked = Booked()
    for one in wanted:
        made = _book(by, staff, kind, one, before.get(one.key))
        if made:
            booked.made.append(made)
        else:
            booked.taken.append(one.student)
    return booked


def _book(by: User, staff: User, kind: SessionKind, wanted: Wanted, before: Appointment | None) -> Appointment | None:
    """What the same form made before, else the time is booked; None where somebody has it."""
    if before and before.is_booked:
        return before
    if wanted.slot is None:
        return None
    key = None if before else wanted.key  # cancelled since, and asked for once more
    try:
        return book_appointment(by=by, student=wanted.student, staff=staff, slot=wanted.slot, kind=kind, key=key)
    except TakenError:  # by nobody else, it may be, than the same form sent a moment before
        return Appointment.objects.filter(pk=wanted.key, made_by=by, state=State.BOOKED).first()
