"""One's own time, held by a booking that one sees no more: it is one's own to give, and nobody is told what ended."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.urls import reverse

from accounts.enums import Role
from audit.models import Event
from core.acting import Actor, acting_as
from tests import factories as make
from tests.diary.scenes import TODAY, TUESDAY, Scene, at, scene
from tests.diary.test_together import WEDNESDAY, book, goes_away, in_another_house, move, pair
from tests.sessions.pages import client_of
from tutoring.diary import services
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment

pytestmark = pytest.mark.django_db
REASON = "The time they were booked for was given to somebody else"
ELSEWHERE = {"free": "another", "day": "2026-11-24"}


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(8), dt.UTC), tick=False):
        yield


@pytest.fixture
def here() -> Scene:
    return scene()


def hidden_at(here: Scene, hour: int = 8) -> Appointment:
    """Booked with the classmate, whom the tutor then sees no more; it lasts a quarter of an hour."""
    one = make.AppointmentFactory.create(
        student=here.classmate, staff=here.tutor, day=TUESDAY, starts_at=dt.time(hour, 40), minutes=15
    )
    goes_away(here, here.classmate)
    return one


def ended(one: Appointment) -> bool:
    one.refresh_from_db()
    return one.state == State.CANCELLED and one.reason == REASON


def events() -> list[tuple[str, object, object]]:
    found = Event.objects.filter(action="appointment.ended_unseen")
    return [(event.object_id, event.actor_id, event.student_id) for event in found]


@pytest.mark.parametrize("time", ["08:40", "08:30", "08:50"])
def test_the_time_is_booked_and_the_hidden_booking_ends_unnamed(here: Scene, time: str) -> None:
    """At its beginning, where the database refused it before, and over a part of it; on the record by its key alone."""
    one, client = hidden_at(here), client_of(here.tutor)
    address = reverse("diary:appointment-book", args=[here.student.pk])
    told = client.post(address, ELSEWHERE | {"starts_at": time}, follow=True).content.decode()
    assert f"Booked: Tue 24 Nov {time} with Jamal Okafor." in told
    assert not re.search("Zofia|Wren|given to somebody", told)
    assert ended(one)
    assert events() == [(str(one.pk), here.tutor.pk, None)]
    change = Appointment.pgh_event_models["update"].objects.get(id=one.pk, pgh_label="update")
    assert (change.state, change.pgh_actor_id) == (State.BOOKED, here.tutor.pk)


@pytest.mark.parametrize("deed", ["together", "move", "reopen"])
def test_however_the_time_is_given(here: Scene, deed: str) -> None:
    third = make.student_in(here.group)
    one = hidden_at(here)
    if deed == "together":
        assert len(book(here, here.student, third)) == 2
    elif deed == "move":
        [mine] = book(here, here.student, day=WEDNESDAY)
        move(here.tutor, mine, TUESDAY)
    else:
        mine = make.AppointmentFactory.create(
            student=here.student, staff=here.tutor, day=TUESDAY, starts_at=dt.time(8, 40), state="missed", reason="Ill"
        )
        with acting_as(Actor(here.tutor.pk)):
            services.reopen_appointment(by=here.tutor, appointment=mine)
    assert ended(one)
    assert len(events()) == 1


def test_what_comes_to_nothing_ends_nobody(here: Scene) -> None:
    """Whoever one asks for is booked elsewhere then, seen or, by one who teaches them, not: all stands as it stood."""
    one = hidden_at(here)
    make.AppointmentFactory.create(student=here.student, day=TUESDAY, starts_at=dt.time(8, 40))
    with pytest.raises(services.TakenError, match="Jamal has"):
        book(here, here.student)
    teacher = make.person(Role.SUBJECT_TEACHER, student=here.student)
    theirs = make.AppointmentFactory.create(
        student=in_another_house(here), staff=teacher, day=TUESDAY, starts_at=dt.time(8, 40)
    )
    with pytest.raises(services.TakenError, match="taken already"):
        book(here, here.student, by=teacher)
    assert {a.state for a in Appointment.objects.filter(pk__in=[one.pk, theirs.pk])} == {State.BOOKED}
    assert events() == []


def test_a_time_beside_it_a_colleagues_and_what_is_read_end_nobody(here: Scene) -> None:
    """One begins as the other ends. And the function itself ends nothing that its caller sees or does not keep."""
    one = hidden_at(here)
    [seen] = book(here, here.student, day=WEDNESDAY)
    with acting_as(Actor(here.tutor.pk)):
        services.book_appointment(by=here.tutor, student=here.student, staff=here.tutor, slot=at(TUESDAY, 8, 55))
        assert _given(WEDNESDAY) == []
    with acting_as(Actor(make.person(Role.TUTOR).pk)):
        assert _given(TUESDAY) == []
    one.refresh_from_db()
    seen.refresh_from_db()
    assert (one.state, seen.state) == (State.BOOKED, State.BOOKED)
    with acting_as(Actor(here.tutor.pk)):
        assert _given(TUESDAY) == [one.pk]


def _given(day: dt.date) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.give_own_time(%s, '08:40', '08:55', NULL)", [day])
        return [row[0] for row in cursor.fetchall()]


def test_whoever_comes_back_to_a_group_ends_nobody_in_it(here: Scene) -> None:
    """Its time was not given to somebody else: it is the group's."""
    first, second = pair(here)
    with acting_as(Actor(here.tutor.pk)):
        services.mark_missed(by=here.tutor, appointment=first, reason="Ill")
    goes_away(here, here.classmate)
    with acting_as(Actor(here.tutor.pk)):
        services.reopen_appointment(by=here.tutor, appointment=first)
    second.refresh_from_db()
    assert second.is_booked


@pytest.mark.parametrize("deed", ["move", "cancel"])
def test_whoever_is_ended_with_a_group_is_on_the_record_without_a_name(here: Scene, deed: str) -> None:
    first, second = pair(here)
    goes_away(here, here.classmate)
    if deed == "move":
        move(here.tutor, first, WEDNESDAY)
    else:
        with acting_as(Actor(here.tutor.pk)):
            services.cancel_together(by=here.tutor, appointment=first, reason="Ill")
    assert events() == [(str(second.pk), here.tutor.pk, None)]


def test_of_a_colleagues_group_nothing_is_ended_and_nothing_recorded(here: Scene) -> None:
    senco, head = make.person(Role.SENCO), make.person(Role.HEAD_OF_HOUSE, house=here.group.house)
    first, _ = book(here, here.student, here.classmate, by=senco)
    goes_away(here, here.classmate)
    with pytest.raises(services.NotFromHereError) as told:
        move(head, first, WEDNESDAY)
    assert isinstance(told.value.__cause__, IntegrityError)
    assert events() == []
