"""The form of one booking sent twice: booked once, both are told so, and other words are not taken for the same."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.diary.scenes import TODAY, Scene, give_slots, scene
from tests.diary.test_together import book, goes_away, page, pair, picked
from tests.sessions.pages import client_of
from tutoring.diary import services
from tutoring.diary.enums import State
from tutoring.diary.form_booking import Wish
from tutoring.diary.models import Appointment

pytestmark = pytest.mark.django_db
AT_TEN = {"free": "another", "day": "2026-11-25", "starts_at": "10:00"}
WEEK = "/diary/?week=2026-W48"


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(8), dt.UTC), tick=False):
        yield


@pytest.fixture
def here() -> Scene:
    return scene()


def single(student: Student) -> str:
    return reverse("diary:appointment-book", args=[student.pk])


def opened(client: Client, address: str) -> dict[str, str]:
    [token] = re.findall(r'name="draft_token" value="([^"]+)"', page(client, address))
    return {"draft_token": token}


def sent(client: Client, address: str, typed: dict[str, Any]) -> str:
    return " ".join(client.post(address, typed, follow=True).content.decode().split())


@pytest.mark.parametrize("address", [single, picked])
@pytest.mark.parametrize("typed", [AT_TEN, {"free": "2026-11-24T08:40"}])
def test_a_double_click_is_booked_once_and_both_are_told_so(here: Scene, address: Any, typed: dict[str, str]) -> None:
    """Also at a free time, which is no longer free for anybody else by then."""
    give_slots(here.tutor)
    client, where = client_of(here.tutor), address(here.student)
    form = opened(client, where) | typed
    told = [sent(client, where, form) for _ in range(2)]
    assert all("Booked: " in answer and "taken" not in answer for answer in told)
    assert Appointment.objects.count() == 1
    assert "Booked: " not in sent(client, where, typed), "another form is told that it is taken"


@pytest.mark.parametrize("address", [single, picked])
@pytest.mark.parametrize("other", [{"room": "Library"}, {"minutes": "30"}])
def test_other_words_under_the_same_token_come_back_with_what_stands(
    here: Scene, address: Any, other: dict[str, str]
) -> None:
    """Decision 0005: nothing is dropped and nothing is booked; the form goes on under a token of its own."""
    client, where = client_of(here.tutor), address(here.student)
    form = opened(client, where)
    sent(client, where, form | AT_TEN)
    answer = client.post(where, form | AT_TEN | other)
    shown = " ".join(answer.content.decode().split())
    assert answer.status_code == 409
    assert "This form was sent before with other words" in shown
    assert "Wed 25 Nov 10:00, 15 min" in shown
    assert next(iter(other.values())) in shown
    assert form["draft_token"] not in shown
    one = Appointment.objects.get()
    assert (one.room, one.minutes) == ("", 15)
    assert f'href="{reverse("diary:appointment-move", args=[one.pk])}"' in shown


@pytest.mark.parametrize("several", [False, True])
def test_the_second_of_two_clicks_at_one_moment_hears_what_the_first_booked(
    here: Scene, several: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looked before the first had booked, and meets it when it books itself."""
    where = picked(here.student, here.classmate) if several else single(here.student)
    client = client_of(here.tutor)
    form = opened(client, where) | AT_TEN
    sent(client, where, form)
    look, looked = Wish.before, list[Wish]()

    def late(wish: Wish) -> list[Appointment]:
        looked.append(wish)
        return look(wish) if len(looked) > 1 else []

    monkeypatch.setattr(Wish, "before", late)
    assert "Booked: Wed 25 Nov 10:00" in sent(client, where, form)
    assert len(looked) == 2
    assert Appointment.objects.count() == 1 + several


def test_of_several_another_room_is_other_words_too(here: Scene) -> None:
    client, where = client_of(here.tutor), picked(here.student, here.classmate)
    form = opened(client, where)
    sent(client, where, form | AT_TEN)
    answer = client.post(where, form | AT_TEN | {"room": "Library"})
    assert answer.status_code == 409
    link = re.findall(r'href="(/diary/[^"]*)">that time is booked', answer.content.decode())
    assert client.get(link[0]).status_code == 200
    assert Appointment.objects.count() == 2


def test_another_time_is_another_wish_and_what_was_cancelled_is_booked_again(here: Scene) -> None:
    client, where = client_of(here.tutor), single(here.student)
    form = opened(client, where)
    for hour in ("10:00", "11:00"):
        assert f"Booked: Wed 25 Nov {hour}" in sent(client, where, form | AT_TEN | {"starts_at": hour})
    first = Appointment.objects.get(starts_at=dt.time(10))
    with acting_as(Actor(here.tutor.pk)):
        services.cancel_appointment(by=here.tutor, appointment=first, reason="Ill")
    assert "Booked: Wed 25 Nov 10:00" in sent(client, where, form | AT_TEN)
    assert Appointment.objects.filter(state=State.BOOKED).count() == 2


def test_nobody_hears_of_a_colleagues_form(here: Scene) -> None:
    """A token that somebody else's form carried means nothing here."""
    senco, where = client_of(make.person(Role.SENCO)), single(here.student)
    form = opened(senco, where) | AT_TEN
    sent(senco, where, form)
    assert "Jamal has an appointment at 10:00 already." in sent(client_of(here.tutor), where, form)


def test_whoever_is_read_and_not_kept_is_not_counted_and_offers_nothing(here: Scene) -> None:
    """A tutor who sees the whole school’s names reads whom they booked before: no link answers 404."""
    first, second = pair(here)
    third = make.student_in(here.group, legal_forename="Amara", legal_surname="Ndiaye")
    book(here, here.student, third, day=TODAY + dt.timedelta(days=3))
    make.MembershipFactory.create(user=here.tutor, role=Role.DATA_MANAGER, school=here.tutor.school)
    first, second = sorted((first, second), key=lambda one: one.student == here.classmate)
    goes_away(here, here.classmate)
    client = client_of(here.tutor)
    shown = page(client, WEEK)
    assert "Wren" in shown
    assert shown.count("Small group, 2 together") == 1, "the one of the two who are both kept"
    assert reverse("diary:appointment-move", args=[first.pk]) in shown
    assert str(second.pk) not in shown
    links = set(re.findall(r'href="(/diary/(?:appointments|together|book)?[^"?#]*/)"', shown.partition("<main")[2]))
    assert len(links) >= 3
    assert {client.get(link).status_code for link in links} == {200}
    Appointment.objects.filter(pk=second.pk).update(state=State.MISSED, reason="Ill")
    shown = page(client, WEEK)
    assert '<span class="chip a">Missed</span>' in shown
    assert "Take back" not in shown
