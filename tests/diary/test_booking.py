"""Booked, held, missed, refused, cancelled (duty 10): what each leads to, and that nobody is booked twice."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core.acting import Actor, acting_as
from tests import factories as make
from tests.diary.scenes import TODAY, TUESDAY, Scene, at, scene
from tutoring.diary import services
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.diary.selectors import next_appointment_by_student, states_by_student
from tutoring.sessions.enums import Confidentiality, Kind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(8), dt.UTC), tick=False):
        yield


@pytest.fixture
def here() -> Scene:
    return scene()


def book(by: User, student: Any, slot: Any = None, staff: User | None = None) -> Appointment:
    with acting_as(Actor(by.pk)):
        return services.book_appointment(by=by, staff=staff or by, student=student, slot=slot or at(TUESDAY))


def test_booking_is_on_the_record_and_ahead(here: Scene) -> None:
    """Duty 10: it stands in the diary, and is the student's next one."""
    appointment = book(here.tutor, here.student)
    assert appointment.when == "Tue 24 Nov 08:40"
    assert next_appointment_by_student([here.student, here.classmate]) == {here.student.pk: appointment}
    event = Event.objects.get(action="appointment.booked")
    assert (event.actor_id, event.student_id) == (here.tutor.pk, here.student.pk)


@pytest.mark.parametrize(("hour", "minute"), [(8, 40), (8, 30), (8, 50)])
def test_nobody_is_booked_twice(here: Scene, hour: int, minute: int) -> None:
    """A quarter of an hour from 08:40 meets what begins within a quarter of an hour before or after."""
    book(here.tutor, here.student)
    with pytest.raises(services.TakenError, match="There is an appointment at 08:40"):
        book(here.tutor, here.classmate, at(TUESDAY, hour, minute))
    assert Appointment.objects.count() == 1


def test_one_begins_as_the_other_ends(here: Scene) -> None:
    book(here.tutor, here.student)
    book(here.tutor, here.classmate, at(TUESDAY, 8, 55))
    assert Appointment.objects.count() == 2


def test_a_student_is_not_in_two_places(here: Scene) -> None:
    book(here.tutor, here.student)
    other = make.person(Role.ONE_TO_ONE_TUTOR, student=here.student)
    with pytest.raises(services.TakenError, match="Jamal has an appointment at 08:40"):
        book(other, here.student)


def test_what_cannot_be_seen_in_a_colleagues_diary_is_refused_by_the_database(here: Scene) -> None:
    """A time taken by a student out of sight is taken all the same, and nothing is told of them."""
    head, senco = make.person(Role.HEAD_OF_HOUSE, house=here.group.house), make.person(Role.SENCO)
    hidden = make.student_in(make.TutorGroupFactory.create(name="9Z", house=make.HouseFactory.create(name="Far")))
    theirs = make.AppointmentFactory.create(student=hidden, staff=senco, day=TUESDAY, starts_at=dt.time(8, 40))
    with pytest.raises(services.TakenError, match=r"^That time is taken already\.$"):
        book(head, here.student, staff=senco)
    theirs.refresh_from_db()
    assert theirs.is_booked


def test_each_outcome_is_said_once(here: Scene) -> None:
    """Duty 10: missed and refused with their reason; a second tab hears that it was said already."""
    appointment = book(here.tutor, here.student)
    with acting_as(Actor(here.tutor.pk)):
        services.mark_missed(by=here.tutor, appointment=appointment, reason="Off site for a match")
        with pytest.raises(services.SettledError):
            services.mark_refused(by=here.tutor, appointment=appointment, reason="No")
        with pytest.raises(services.SettledError):
            services.move_appointment(by=here.tutor, appointment=appointment, slot=at(TUESDAY, 9))
        states = states_by_student([here.student], TODAY, TUESDAY)[here.student.pk]
    assert (states.count(State.MISSED), states.last_day(State.MISSED)) == (1, TUESDAY)
    assert (states.count(State.BOOKED), states.last_day(State.BOOKED)) == (0, None)
    assert appointment.reason == "Off site for a match"
    assert "match" not in str(Event.objects.get(action="appointment.missed").detail)


def test_a_slip_is_taken_back_unless_the_time_was_given_away(here: Scene) -> None:
    appointment = book(here.tutor, here.student)
    with acting_as(Actor(here.tutor.pk)):
        services.cancel_appointment(by=here.tutor, appointment=appointment, reason="Training day")
        services.reopen_appointment(by=here.tutor, appointment=appointment)
        assert (appointment.state, appointment.reason) == (State.BOOKED, "")
        services.cancel_appointment(by=here.tutor, appointment=appointment, reason="Training day")
    book(here.tutor, here.classmate)
    with acting_as(Actor(here.tutor.pk)), pytest.raises(services.TakenError):
        services.reopen_appointment(by=here.tutor, appointment=appointment)


def test_moving_keeps_who_and_frees_the_time(here: Scene) -> None:
    appointment = book(here.tutor, here.student)
    with acting_as(Actor(here.tutor.pk)):
        services.move_appointment(by=here.tutor, appointment=appointment, slot=at(TUESDAY, 8, 45))
    assert Appointment.objects.get().starts_at == dt.time(8, 45), "its own time is not in its way"
    assert Appointment.pgh_event_models["update"].objects.get(pgh_label="update").starts_at == dt.time(8, 40)


def test_writing_the_session_down_makes_it_held(here: Scene) -> None:
    """Duty 10: however the session is logged; only that day, that student, that kind and that member of staff."""
    appointment = book(here.tutor, here.student)
    tomorrow = book(here.tutor, here.student, at(TUESDAY + dt.timedelta(days=2)))
    theirs = book(here.tutor, here.classmate, at(TUESDAY, 9))
    with acting_as(Actor(here.tutor.pk)):
        call = {"student": here.student, "author": here.tutor, "held_on": TUESDAY, "kind": Kind.CALL_HOME}
        make.TutorSessionFactory.create(**call)
        appointment.refresh_from_db()
        assert appointment.is_booked
        talk = make.TutorSessionFactory.create(student=here.student, author=here.tutor, held_on=TUESDAY)
        appointment.refresh_from_db()
        assert (appointment.state, appointment.session_id) == (State.HELD, talk.pk)
        for other in (tomorrow, theirs):
            other.refresh_from_db()
            assert other.is_booked


def test_a_1_1_that_became_a_review_was_held(here: Scene) -> None:
    """Of two that would do, the one of the very kind is."""
    appointment, review = book(here.tutor, here.student), book(here.tutor, here.student, at(TUESDAY, 9))
    Appointment.objects.filter(pk=review.pk).update(kind=Kind.REVIEW, school_kind=None)
    with acting_as(Actor(here.tutor.pk)):
        for expected in (review, appointment):
            talk = make.TutorSessionFactory.create(
                student=here.student, author=here.tutor, held_on=TUESDAY, kind=Kind.REVIEW
            )
            expected.refresh_from_db()
            assert expected.session_id == talk.pk


def test_a_day_put_right_makes_it_held_too(here: Scene) -> None:
    appointment = book(here.tutor, here.student)
    with acting_as(Actor(here.tutor.pk)):
        talk = make.TutorSessionFactory.create(student=here.student, author=here.tutor, held_on=TODAY)
        talk.held_on = TUESDAY
        talk.save()
        appointment.refresh_from_db()
    assert appointment.session_id == talk.pk


def test_held_by_hand_only_with_a_conversation_one_may_read(here: Scene) -> None:
    appointment = book(here.tutor, here.student)
    theirs = make.TutorSessionFactory.create(student=here.classmate, author=here.tutor)
    secret = make.TutorSessionFactory.create(student=here.student, confidentiality=Confidentiality.NAMED)
    late = make.TutorSessionFactory.create(student=here.student, held_on=TUESDAY + dt.timedelta(days=1))
    with acting_as(Actor(here.tutor.pk)):
        with pytest.raises(ValueError, match="another student"):
            services.mark_held(by=here.tutor, appointment=appointment, session=theirs)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            services.mark_held(by=here.tutor, appointment=appointment, session=secret)
        services.mark_held(by=here.tutor, appointment=appointment, session=late)
    assert Appointment.objects.get().session_id == late.pk


def test_a_head_books_for_the_tutor_and_a_teacher_does_not(here: Scene) -> None:
    """Whoever reads the students' notes stands in for a colleague; a subject teacher books for themselves only."""
    head = make.person(Role.HEAD_OF_HOUSE, house=here.group.house)
    appointment = book(head, here.student, staff=here.tutor)
    assert (appointment.staff_id, appointment.made_by_id) == (here.tutor.pk, head.pk)
    teacher = make.person(Role.SUBJECT_TEACHER, student=here.classmate)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        book(teacher, here.classmate, at(TUESDAY, 10), staff=here.tutor)
    assert book(teacher, here.classmate, at(TUESDAY, 11)).staff_id == teacher.pk


def test_only_with_somebody_who_may_talk_with_the_student(here: Scene) -> None:
    stranger = make.person(Role.TUTOR, group=make.TutorGroupFactory.create(school=here.group.school, name="9CUR"))
    with pytest.raises(PermissionDenied):
        book(here.tutor, here.student, staff=stranger)
