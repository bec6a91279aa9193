"""Duty 14: a whole term booked in one go, on school days only, into times nobody has; who got none is said."""

import datetime as dt

import pytest

from accounts.enums import Role
from core.acting import Actor, acting_as
from tests import factories as make
from tests.diary.scenes import at, give_slots, scene
from tutoring.diary import services
from tutoring.diary.models import Appointment
from tutoring.diary.selectors import free_slots, term_plan

pytestmark = pytest.mark.django_db


def day(month: int, number: int) -> dt.date:
    return dt.date(2026, month, number)


def test_free_times_over_half_term_and_a_closed_day() -> None:
    """Worked out by hand: slots on Tuesdays, Thursdays and Fridays; half term 26 to 30 October; closed 27 November."""
    here = scene()
    give_slots(here.tutor)
    with acting_as(Actor(here.tutor.pk)):
        around = [slot.day for slot in free_slots(here.tutor, day(10, 19), day(11, 6))]
        closed = [slot.day for slot in free_slots(here.tutor, day(11, 23), day(11, 30))]
        holidays = free_slots(here.tutor, day(12, 19), day(12, 31))
    assert around == [day(10, 20), day(10, 22), day(10, 23), day(11, 3), day(11, 5), day(11, 6)]
    assert closed == [day(11, 24), day(11, 26)]
    assert holidays == []


def test_a_slot_is_given_between_its_days_and_once() -> None:
    here = scene()
    make.SlotFactory.create(staff=here.tutor, starts_on=day(11, 10), ends_on=day(11, 17))
    make.AppointmentFactory.create(staff=here.tutor, student=here.student, day=day(11, 17), starts_at=dt.time(8, 50))
    make.SlotFactory.create(staff=make.person(Role.TUTOR, group=here.group), starts_at=dt.time(12))
    with acting_as(Actor(here.tutor.pk)):
        assert free_slots(here.tutor, day(11, 1), day(11, 30)) == [at(day(11, 10))]


def test_booking_a_term() -> None:
    """Three students, two free times: the first two get them in the order given, the third is said."""
    here = scene()
    give_slots(here.tutor)
    third = make.student_in(here.group)
    with acting_as(Actor(here.tutor.pk)):
        plan = term_plan(here.tutor, [here.classmate, here.student, third], day(11, 23), day(11, 30))
        assert [(student, slot and slot.day) for student, slot in plan] == [
            (here.classmate, day(11, 24)), (here.student, day(11, 26)), (third, None),
        ]  # fmt: skip
        places = [(student, slot) for student, slot in plan if slot]
        booked = services.book_term(by=here.tutor, staff=here.tutor, places=places)
        assert [a.student_id for a in booked.made] == [here.classmate.pk, here.student.pk]
        again = services.book_term(by=here.tutor, staff=here.tutor, places=[(third, places[0][1])])
        assert free_slots(here.tutor, day(11, 23), day(11, 30)) == []
    assert (again.made, again.taken) == ([], [(third, places[0][1])])
    assert Appointment.objects.count() == 2
