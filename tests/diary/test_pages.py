"""The pages of the diary: a week, one press for what became of it, slots, a term, and who reads which."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.diary.scenes import TODAY, TUESDAY, Scene, give_slots, scene
from tests.sessions.pages import client_of, opened_form
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment, Slot
from tutoring.diary.selectors import students_to_book
from tutoring.sessions.models import SessionKind

pytestmark = pytest.mark.django_db
WEEK = "/diary/?week=2026-W48"
# Two of each are the beginning and the end of the request's transaction.
WEEK_QUERIES = 18
TERM_QUERIES = 18


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(8), dt.UTC), tick=False):
        yield


@pytest.fixture
def here() -> Scene:
    return scene()


def booked(student: Student, staff: User, **fields: object) -> Appointment:
    return make.AppointmentFactory.create(**{"student": student, "staff": staff, "day": TUESDAY} | fields)


def kind_key(kind: str) -> str:
    """The school's first of that kind, as the form says it."""
    return str(SessionKind.objects.filter(kind=kind)[0].pk)


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response
    return " ".join(response.content.decode().split())


def test_my_week(here: Scene) -> None:
    """Duty 10: names, rooms, free times and the closed Friday."""
    give_slots(here.tutor)
    booked(here.student, here.tutor, starts_at=dt.time(8, 40), room="Room 4")
    shown = page(client_of(here.tutor), WEEK)
    assert "Jamal Okafor" in shown
    assert "INSET day" in shown
    assert shown.count("free · Room 4") == 1, "Tuesday is taken and Friday closed"
    assert "week=2026-W47" in shown
    assert "week=2026-W49" in shown


def test_an_empty_diary_says_what_to_do(here: Scene) -> None:
    assert "Give my first slot" in page(client_of(here.tutor), "/diary/")


@pytest.mark.parametrize("week", ["2026-W99", "nonsense", "2026-W00", "9999-W52", "2026-W54"])
def test_a_week_that_is_none_is_this_one(here: Scene, week: str) -> None:
    assert "23 Nov to 27 Nov 2026" in page(client_of(here.tutor), f"/diary/?week={week}")


def test_missed_with_its_reason_and_taken_back(here: Scene) -> None:
    appointment = booked(here.student, here.tutor, day=TODAY)
    client, address = client_of(here.tutor), reverse("diary:appointment-outcome", args=[appointment.pk])
    refused = client.post(address, {"state": "missed", "reason": ""})
    assert b"This field is required." in refused.content
    answer = client.post(address, {"state": "missed", "reason": "Absent from school", "next": WEEK})
    assert answer["Location"] == WEEK
    assert "Absent from school" in page(client, WEEK)
    client.post(address, {"reopen": "1"})
    appointment.refresh_from_db()
    assert appointment.state == State.BOOKED


def test_nobody_has_missed_what_is_to_come(here: Scene) -> None:
    appointment = booked(here.student, here.tutor)
    address = reverse("diary:appointment-outcome", args=[appointment.pk])
    answer = client_of(here.tutor).post(address, {"state": "missed", "reason": "Kept words"})
    assert b"still to come" in answer.content
    assert b"Kept words" in answer.content


def test_log_it_opens_the_form_filled_in_and_makes_it_held(here: Scene) -> None:
    """Duty 10: from the diary to the record without typing day, room or length again."""
    appointment = booked(here.student, here.tutor, day=TODAY, room="Room 4", kind="meeting")
    appointment.refresh_from_db()  # the database says which of the school's kinds it is
    client = client_of(here.tutor)
    assert appointment.log_url.replace("&", "&amp;") in page(client, WEEK)
    form = page(client, appointment.log_url)
    assert 'value="Room 4"' in form
    typed = opened_form(client, appointment.log_url, kind="meeting", held_on=TODAY.isoformat())
    assert client.post(appointment.log_url, typed).status_code == 302
    appointment.refresh_from_db()
    assert appointment.state == State.HELD
    assert "What was said" in page(client, WEEK)


def test_booking_one_from_the_student_s_page(here: Scene) -> None:
    give_slots(here.tutor)
    client, address = client_of(here.tutor), reverse("diary:appointment-book", args=[here.student.pk])
    assert address in page(client, reverse("desk:student-story", args=[here.student.pk]))
    assert "Tue 24 Nov 08:40, 15 min, Room 4" in page(client, address)
    client.post(address, {"kind": kind_key("one_to_one"), "free": "2026-11-24T08:40"})
    assert "Booked: Tue 24 Nov 08:40" in page(client, reverse("desk:student-story", args=[here.student.pk]))


@pytest.mark.parametrize(
    ("day", "kind", "said"),
    [
        ("2026-11-22", "one_to_one", "That day is over"),
        ("2026-11-27", "one_to_one", "No student is in school"),
        ("2028-11-27", "one_to_one", "more than a year away"),
        ("", "one_to_one", "give a day and a time"),
    ],
)
def test_another_time_must_make_sense(here: Scene, day: str, kind: str, said: str) -> None:
    address = reverse("diary:appointment-book", args=[here.student.pk])
    typed = {"kind": kind_key(kind), "free": "another", "day": day, "starts_at": "10:00"}
    answer = client_of(here.tutor).post(address, typed)
    assert said in answer.content.decode()
    assert not Appointment.objects.exists()


def test_a_home_visit_may_be_on_a_closed_day(here: Scene) -> None:
    address = reverse("diary:appointment-book", args=[here.student.pk])
    typed = {
        "kind": kind_key("home_visit"),
        "free": "another",
        "day": "2026-11-27",
        "starts_at": "10:00",
        "minutes": "45",
    }
    client_of(here.tutor).post(address, typed)
    assert Appointment.objects.get().minutes == 45


def test_a_head_books_for_the_tutor_and_sees_that_week_only_as_far_as_the_house(here: Scene) -> None:
    """Duty 10: the deputy's view; of another house's student in the same diary nothing is shown."""
    curie = make.TutorGroupFactory.create(school=here.group.school, name="11CUR", house=make.HouseFactory(name="Curie"))
    stranger = make.student_in(curie, legal_forename="Orla", legal_surname="Vance")
    booked(stranger, here.tutor)
    head = client_of(make.person(Role.HEAD_OF_HOUSE, house=here.group.house))
    give_slots(here.tutor)
    address = f"{reverse('diary:appointment-book', args=[here.student.pk])}?staff={here.tutor.pk}"
    head.post(address, {"kind": kind_key("one_to_one"), "free": "2026-11-24T08:40"})
    assert Appointment.objects.get(student=here.student).staff == here.tutor
    shown = page(head, f"{WEEK}&staff={here.tutor.pk}")
    assert "Jamal Okafor" in shown
    assert "Vance" not in shown
    assert f"For {here.tutor}" in page(head, address)


def test_a_teacher_sees_no_colleague_s_diary(here: Scene) -> None:
    booked(here.student, here.tutor)
    teacher = client_of(make.person(Role.SUBJECT_TEACHER, student=here.student))
    shown = page(teacher, f"{WEEK}&staff={here.tutor.pk}")
    assert "My week" in shown
    assert "Okafor" not in shown
    assert teacher.get(f"{reverse('diary:appointment-move', args=[Appointment.objects.get().pk])}").status_code == 404


def test_moving(here: Scene) -> None:
    appointment = booked(here.student, here.tutor, starts_at=dt.time(8, 40))
    address = reverse("diary:appointment-move", args=[appointment.pk])
    client = client_of(here.tutor)
    assert 'value="08:40"' in page(client, address)
    client.post(
        address, {"free": "another", "day": "2026-11-25", "starts_at": "12:30", "minutes": "20", "room": "Hall"}
    )
    appointment.refresh_from_db()
    assert appointment.when == "Wed 25 Nov 12:30"


def test_slots_are_given_and_taken_back(here: Scene) -> None:
    client, address = client_of(here.tutor), reverse("diary:slot-list")
    slot = {"weekday": "1", "starts_at": "08:40", "minutes": "15", "room": "Room 4", "starts_on": "2026-11-23"}
    client.post(address, slot)
    assert b"You give a time then already." in client.post(address, slot | {"starts_at": "08:50"}).content
    assert "Tuesday 08:40" in page(client, address)
    theirs = make.SlotFactory.create(staff=make.person(Role.TUTOR, group=here.group))
    assert client.post(reverse("diary:slot-remove", args=[theirs.pk])).status_code == 404
    client.post(reverse("diary:slot-remove", args=[Slot.objects.get(staff=here.tutor).pk]))
    assert list(Slot.objects.all()) == [theirs]


def test_a_term_is_shown_before_it_is_booked(here: Scene) -> None:
    """Duty 14: who was seen this term is left out, the longest unseen first, who gets no time is said."""
    give_slots(here.tutor)
    seen = make.student_in(here.group, legal_forename="Seen", legal_surname="Already")
    make.TutorSessionFactory.create(student=seen, author=here.tutor, held_on=TODAY - dt.timedelta(days=7))
    make.TutorSessionFactory.create(student=here.student, author=here.tutor, held_on=TODAY - dt.timedelta(days=200))
    client, address = client_of(here.tutor), reverse("diary:term-book")
    assert "Show who and when" in page(client, address)
    query = "?group=&who=&start=2026-11-23&end=2026-11-24"
    shown = page(client, address + query)
    assert "1 student, 1 time" in shown
    assert shown.index("Zofia Wren") < shown.index("Jamal Okafor"), "she was never seen"
    assert "No time is left for 1" in shown
    assert "Seen Already" not in shown
    assert not Appointment.objects.exists()
    place = f"{here.classmate.pk} 2026-11-24T08:40"
    answer = client.post(address, {"place": [place, "nonsense", f"{seen.pk} 2026-11-27T13:10"]})
    assert answer["Location"] == WEEK
    assert Appointment.objects.get().student == here.classmate
    assert "Nobody was booked" in client.post(address, {"place": [place]}, follow=True).content.decode()


def test_the_term_is_booked_by_the_schools_rule(here: Scene) -> None:
    """Duty 10: with two a term whoever was seen once is still to be booked; who is exempt is booked on request only."""
    make.EntitlementFactory.create(school=here.group.school, per_term=2, exempt_years=[13])
    make.ExemptionFactory.create(student=here.classmate)
    make.student_in(here.group, legal_forename="Old", legal_surname="Hand", year_group=13)
    twice = make.student_in(here.group, legal_forename="Seen", legal_surname="Twice")
    for student, days in ((here.student, 7), (twice, 7), (twice, 14)):
        make.TutorSessionFactory.create(student=student, author=here.tutor, held_on=TODAY - dt.timedelta(days=days))
    with acting_as(Actor(here.tutor.pk)):
        assert students_to_book(here.tutor, None, everybody=False) == [here.student]
        assert len(students_to_book(here.tutor, here.group, everybody=True)) == 4


def test_missed_and_refused_stand_in_the_story(here: Scene) -> None:
    """Duty 10: in plain words, also among the 1:1s; for a teacher, who reads no team notes, they do not."""
    booked(here.student, here.tutor, day=dt.date(2026, 11, 17), state=State.MISSED, reason="On a trip")
    booked(here.student, here.tutor, day=dt.date(2026, 11, 18), state=State.REFUSED, reason="Not today")
    booked(here.student, here.tutor, day=dt.date(2026, 11, 19), state=State.CANCELLED, reason="Covering")
    story = reverse("desk:student-story", args=[here.student.pk])
    for address in (story, f"{story}?kind=talks"):
        shown = page(client_of(here.tutor), address)
        assert "Missed: 1:1 with you" in shown
        assert "Refused: 1:1 with you" in shown
        assert "On a trip" in shown
        assert "Covering" not in shown
    teacher = page(client_of(make.person(Role.SUBJECT_TEACHER, student=here.student)), story)
    assert "Missed" not in teacher


def test_pages_ask_as_much_for_one_as_for_many(here: Scene) -> None:
    give_slots(here.tutor)
    client = client_of(here.tutor)
    pages = {WEEK: WEEK_QUERIES, "/diary/term/?group=&who=&start=2026-11-23&end=2026-12-18": TERM_QUERIES}
    for _ in range(2):
        for _ in range(4):
            booked(make.student_in(here.group), here.tutor)
            make.student_in(here.group)
        for address, number in pages.items():
            with CaptureQueriesContext(connection) as found:
                page(client, address)
            assert len(found) == number, address
