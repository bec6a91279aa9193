"""Booking a term in one go, once for each form that asks for it."""

import uuid
from collections.abc import Sequence
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
class Place:
    """A row of the form: a student at a time, said as the form says it; `slot`: None where it is not free by now."""

    student: Student
    at: str
    slot: FreeSlot | None

    def key(self, submission: UUID) -> UUID:
        """The same for one row of one form, so that it is booked once however often it is sent."""
        return uuid.uuid5(submission, f"{self.student.pk} {self.at}")


@transaction.atomic
def book_term(*, by: User, staff: User, submission: UUID, places: Sequence[Place]) -> Booked:
    """Book a 1:1 with these students at these times, as `term_plan` proposed and a person confirmed; what is taken is
    said.

    Once per `submission` (the form's token): sent again, as by a double click, the first answer is given again.
    NoKindError where the school has no kind of 1:1 in use.
    """
    kind = kind_of_1_1(staff)
    if kind is None:
        raise NoKindError
    keys = [place.key(submission) for place in places]
    before = Appointment.objects.filter(made_by=by).in_bulk(keys)
    booked = Booked()
    for key, place in zip(keys, places, strict=True):
        made = _book(by, staff, kind, place, key, before.get(key))
        if made:
            booked.made.append(made)
        else:
            booked.taken.append(place.student)
    return booked


def _book(
    by: User, staff: User, kind: SessionKind, place: Place, key: UUID, before: Appointment | None
) -> Appointment | None:
    """What the same form made before, else the time is booked; None where somebody has it."""
    if before and before.is_booked:
        return before
    if place.slot is None:
        return None
    own = None if before else key  # cancelled since, and asked for once more
    try:
        return book_appointment(by=by, student=place.student, staff=staff, slot=place.slot, kind=kind, key=own)
    except TakenError:  # by nobody else, it may be, than the same form sent a moment before
        return Appointment.objects.filter(pk=key, made_by=by, state=State.BOOKED).first()
