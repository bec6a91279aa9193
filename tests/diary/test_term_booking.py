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
from students.enums import TermName
from students.models import Student
from tests import factories as make
from tests.diary.scenes import at, give_slots, scene
from tests.sessions.pages import client_of
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.diary.selectors import free_slots, term_plan
from tutoring.diary.term_booking import Place, book_term
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
        places = [Place(student, str(slot), slot) for student, slot in plan if slot]
        booked = book_term(by=here.tutor, staff=here.tutor, submission=uuid.uuid4(), places=places)
        assert [a.student_id for a in booked.made] == [here.classmate.pk, here.student.pk]
        late = [Place(third, "late", places[0].slot)]
        again = book_term(by=here.tutor, staff=here.tutor, submission=uuid.uuid4(), places=late)
        assert free_slots(here.tutor, day(11, 23), day(11, 30)) == []
    assert (again.made, again.taken) == ([], [third])
    assert Appointment.objects.count() == 2


def test_two_a_term_are_booked_in_one_go_one_in_each_half() -> None:
    """Duty 10: what the school promises, not one each; whoever has one booked is given the other."""
    here = scene()
    make.EntitlementFactory.create(school=here.group.school, per_term=2)
    make.SlotFactory.create(staff=here.tutor)
    make.AppointmentFactory.create(staff=here.tutor, student=here.classmate, day=day(12, 15), starts_at=dt.time(8, 40))
    with time_machine.travel(dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC), tick=False):
        client = client_of(here.tutor)
        address = "/diary/term/?group=&who=&start=2026-11-03&end=2026-12-18"
        shown = client.get(address).content.decode()
        assert "2 students, 3 times" in shown
        rows = re.findall(r'name="place" value="(\S+) ([^"]+)" checked', shown)
        booked = {here.student.pk: ["2026-11-03T08:40", "2026-12-01T08:40"], here.classmate.pk: ["2026-11-10T08:40"]}
        for student, times in booked.items():
            assert [at for key, at in rows if key == str(student)] == times
        [token] = re.findall(r'name="draft_token" value="([^"]+)"', shown)
        sent = [" ".join(row) for row in rows]
        first = {"place": sent[:1], "draft_token": token}
        assert "1 appointment booked." in client.post(address, first, follow=True).content.decode()
        # The page gone back to: the same student's second time is another row, and not the first again.
        rest = {"place": sent[1:], "draft_token": token}
        assert "2 appointments booked." in client.post(address, rest, follow=True).content.decode()
        assert "Nobody is waiting" in client.get(address).content.decode()
    assert Appointment.objects.filter(state=State.BOOKED).count() == 4


def test_nobody_is_booked_after_their_last_day_here() -> None:
    here = scene()
    give_slots(here.tutor)
    Student.objects.filter(pk=here.student.pk).update(left_on=day(11, 25))
    here.student.refresh_from_db()
    with acting_as(Actor(here.tutor.pk)):
        plan = term_plan(here.tutor, [here.classmate, here.student], day(11, 23), day(12, 18))
    assert [slot and slot.day for _, slot in plan] == [day(11, 24), None]


def test_in_the_holidays_the_term_to_come_is_booked() -> None:
    """Whoever was seen last term is owed the next one's; the exempt are not."""
    here = scene()
    give_slots(here.tutor)
    make.TermFactory.create(
        school=here.group.school,
        name=TermName.SPRING,
        starts_on=dt.date(2027, 1, 5),
        ends_on=dt.date(2027, 2, 12),
        break_starts_on=None,
        break_ends_on=None,
    )
    make.ExemptionFactory.create(student=here.classmate)
    make.TutorSessionFactory.create(student=here.student, author=here.tutor, held_on=day(12, 10))
    with time_machine.travel(dt.datetime(2027, 1, 3, 8, tzinfo=dt.UTC), tick=False):
        client = client_of(here.tutor)
        form = client.get("/diary/term/").content.decode()
        assert 'value="2027-01-05"' in form
        assert 'value="2027-02-12"' in form
        shown = client.get("/diary/term/?group=&who=&start=2027-01-05&end=2027-02-12").content.decode()
    assert re.findall(r'name="place" value="(\S+) ([^"]+)" checked', shown) == [
        (str(here.student.pk), "2027-01-05T08:40")
    ]


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
    when = dt.date(2030, 1, 8)
    places = [Place(here.student, "08:40", at(when)), Place(here.classmate, "09:40", at(when, 9))]
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
