"""Duty 14: a whole term booked in one go, on school days only, into times nobody has; who got none is said."""

import datetime as dt
import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection

from accounts.enums import Role
from core.acting import Actor, acting_as
from tests import factories as make
from tests.diary.scenes import at, give_slots, scene
from tests.sessions.pages import client_of
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.diary.selectors import free_slots, term_plan
from tutoring.diary.term_booking import book_term
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionKind

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


def test_no_kind_of_1_1_in_use_is_said_at_the_place_and_the_ticks_stay() -> None:
    """What is out of use is not booked behind somebody’s back."""
    here = scene()
    give_slots(here.tutor)
    SessionKind.objects.filter(kind=Kind.ONE_TO_ONE).update(is_active=False)
    with time_machine.travel(dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC), tick=False):
        client = client_of(here.tutor)
        address = "/diary/term/?group=&who=&start=2026-11-24&end=2026-11-30"
        shown = client.get(address).content.decode()
        assert "Nothing can be booked: the school has no kind of 1:1 in use." in shown
        rows = re.findall(r'name="place" value="([^"]+)" checked', shown)
        assert len(rows) == 2
        again = client.post(address, {"place": rows[:1]}).content.decode()
    assert "Nothing was booked: the school has no kind of 1:1 in use." in again
    assert re.findall(r'name="place" value="([^"]+)" checked', again) == rows[:1]
    assert rows[1] in again
    assert not Appointment.objects.exists()


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
        booked = book_term(by=here.tutor, staff=here.tutor, submission=uuid.uuid4(), places=places)
        assert [a.student_id for a in booked.made] == [here.classmate.pk, here.student.pk]
        late = [(third, places[0][1])]
        again = book_term(by=here.tutor, staff=here.tutor, submission=uuid.uuid4(), places=late)
        assert free_slots(here.tutor, day(11, 23), day(11, 30)) == []
    assert (again.made, again.taken) == ([], [third])
    assert Appointment.objects.count() == 2


def test_the_form_sent_twice_is_booked_once_and_answered_alike() -> None:
    """A double click says what the first did; the page gone back to books whom it did not book yet."""
    here = scene()
    give_slots(here.tutor)
    with time_machine.travel(dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC), tick=False):
        client = client_of(here.tutor)
        address = "/diary/term/?group=&who=all&start=2026-11-24&end=2026-11-30"
        shown = client.get(address).content.decode()
        rows = re.findall(r'name="place" value="([^"]+)" checked', shown)
        [token] = re.findall(r'name="draft_token" value="([^"]+)"', shown)
        sent = {"place": rows[:1], "draft_token": token}
        for _ in range(2):
            answer = client.post(address, sent, follow=True).content.decode()
            assert "1 appointment booked." in answer
            assert "taken in the meantime" not in answer
        assert Appointment.objects.count() == 1
        assert "2 appointments booked." in client.post(address, sent | {"place": rows}, follow=True).content.decode()
        assert Appointment.objects.count() == 2
        Appointment.objects.filter(day=day(11, 24)).update(state=State.CANCELLED, reason="A match")
        assert "1 appointment booked." in client.post(address, sent, follow=True).content.decode()
    assert Appointment.objects.filter(state=State.BOOKED).count() == 2


def test_a_past_day_is_refused_at_the_field() -> None:
    """It was taken for today without a word."""
    here = scene()
    give_slots(here.tutor)
    with time_machine.travel(dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC), tick=False):
        client = client_of(here.tutor)
        past = client.get("/diary/term/?group=&who=&start=2026-11-22&end=2026-11-30").content.decode()
        today = client.get("/diary/term/?group=&who=&start=2026-11-23&end=2026-11-30").content.decode()
    assert "That day is over. Choose today or a day to come." in past
    assert 'value="2026-11-22"' in past
    assert "Book the ticked ones" not in past
    assert "Book the ticked ones" in today


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_both_told_it_is_booked() -> None:
    here = scene()
    places = [(here.student, at(dt.date(2030, 1, 8))), (here.classmate, at(dt.date(2030, 1, 8), 9))]
    token = uuid.uuid4()

    def click(_: int) -> tuple[int, int]:
        try:
            with acting_as(Actor(here.tutor.pk)):
                booked = book_term(by=here.tutor, staff=here.tutor, submission=token, places=places)
            return len(booked.made), len(booked.taken)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(click, range(4))) == {(2, 0)}
    assert Appointment.objects.count() == 2
