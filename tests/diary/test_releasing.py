"""Duty 10: what was booked with somebody who no longer has the student is nobody's booking, and says so by itself."""

import datetime as dt

import pytest
import time_machine
from django.db import connection

from accounts.enums import Role
from audit.models import Event
from core.acting import Actor, acting_as
from tests import factories as make
from tests.diary.scenes import TODAY, TUESDAY, give_slots, scene
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.diary.releasing import release_bookings
from tutoring.diary.selectors import students_to_book
from tutoring.groups.models import TutorAssignment

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)


@time_machine.travel(NOW, tick=False)
def test_a_change_of_tutor_ends_what_was_booked_with_the_old_one() -> None:
    """The new one's clock says "Not yet", and booking the term offers the student."""
    here = scene()
    theirs = make.AppointmentFactory.create(staff=here.tutor, student=here.student, day=TUESDAY)
    today = make.AppointmentFactory.create(staff=here.tutor, student=make.student_in(here.group), day=TODAY)
    past = make.AppointmentFactory.create(staff=here.tutor, student=here.student, day=TODAY - dt.timedelta(days=7))
    assert release_bookings() == 0, "as long as the tutor has them"
    TutorAssignment.objects.update(ends_on=TODAY - dt.timedelta(days=1))
    new = make.person(Role.TUTOR, group=here.group)
    give_slots(new)
    kept = make.AppointmentFactory.create(staff=new, student=here.classmate, day=TUESDAY)
    with acting_as(Actor(new.pk)):
        assert students_to_book(new, None, everybody=False) == []

    with time_machine.travel(NOW.replace(hour=9), tick=False):
        assert release_bookings() == 0, "what is ended by mistake is put right by day"
    assert (release_bookings(), release_bookings()) == (1, 0)
    with acting_as(Actor(new.pk)):
        assert students_to_book(new, None, everybody=False) == [here.student]
    states = dict(Appointment.objects.values_list("pk", "state"))
    assert states == {theirs.pk: State.CANCELLED} | dict.fromkeys((past.pk, today.pk, kept.pk), State.BOOKED)
    theirs.refresh_from_db()
    assert theirs.reason == "Whoever it was booked with is no longer with this student"
    event = Event.objects.get(action="appointment.cancelled")
    assert (event.actor_name, event.object_id, event.student_id) == ("system: diary", str(theirs.pk), here.student.pk)


@time_machine.travel(NOW, tick=False)
def test_whoever_has_them_otherwise_keeps_the_booking() -> None:
    """A tutor no more, but the student is theirs singly."""
    here = scene()
    make.AppointmentFactory.create(staff=here.tutor, student=here.student, day=TUESDAY)
    TutorAssignment.objects.update(ends_on=TODAY - dt.timedelta(days=1))
    make.CaseloadEntryFactory.create(membership=here.tutor.memberships.get(), student=here.student)
    assert release_bookings() == 0


@time_machine.travel(NOW, tick=False)
def test_only_the_job_itself_ends_them() -> None:
    here = scene()
    make.AppointmentFactory.create(staff=here.tutor, student=here.student, day=TUESDAY)
    TutorAssignment.objects.update(ends_on=TODAY - dt.timedelta(days=1))
    with acting_as(Actor(here.tutor.pk)), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM guard.release_bookings()")
        assert cursor.fetchall() == []
    assert Appointment.objects.get().state == State.BOOKED
