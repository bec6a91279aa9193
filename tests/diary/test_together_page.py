"""The page of several at one time, once something became of some of them: what it says and does is of those left."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from core.acting import Actor, acting_as
from tests import factories as make
from tests.diary.scenes import TODAY, TUESDAY, Scene, scene
from tests.diary.test_together import WEDNESDAY, book, goes_away, move, page, pair, picked
from tests.sessions.pages import client_of
from tutoring.diary import services
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment

pytestmark = pytest.mark.django_db
ELSEWHERE = {"free": "another", "day": "2026-11-25", "starts_at": "10:00"}


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(8), dt.UTC), tick=False):
        yield


@pytest.fixture
def here() -> Scene:
    return scene()


def seen_on(client: Client, address: str) -> str:
    return re.findall(r'name="seen" value="(\w+)"', page(client, address))[0]


def test_it_is_cancelled_for_the_rest_on_the_page_of_one_who_was_held(here: Scene) -> None:
    """One comes to this address after logging the first; its heading and number are of those who are left."""
    first, second, third = book(here, here.student, here.classmate, make.student_in(here.group))
    with acting_as(Actor(here.tutor.pk)):
        services.mark_missed(by=here.tutor, appointment=first, reason="Ill")
    move(here.tutor, second, WEDNESDAY, 10)
    client, address = client_of(here.tutor), reverse("diary:together", args=[first.pk])
    shown = page(client, address)
    assert "<h1>Small group, Wed 25 Nov 10:40</h1>" in shown
    assert "2 of 3 still booked" in shown
    sent = {"reason": "Training day", "seen": seen_on(client, address)}
    assert "Cancelled for 2: Wed 25 Nov 10:40." in client.post(address, sent, follow=True).content.decode()
    states = dict(Appointment.objects.values_list("pk", "state"))
    assert states == {first.pk: State.MISSED, second.pk: State.CANCELLED, third.pk: State.CANCELLED}
    assert "was said already" in client.post(address, sent, follow=True).content.decode()
    assert "0 of 3 still booked" in page(client, address)


def test_a_reason_left_out_is_told_at_its_own_box_and_at_no_other(here: Scene) -> None:
    first, _ = pair(here)
    client, address = client_of(here.tutor), reverse("diary:together", args=[first.pk])
    assert page(client, address).count('<datalist id="diary-reasons">') == 1
    shown = client.post(address, {"reason": ""}).content.decode()
    [box] = re.findall(r'<input [^>]*id="why-all"[^>]*>', shown)
    assert 'aria-invalid="true" aria-describedby="why-all-error"' in box
    assert shown.count('id="why-all-error"') == shown.count('href="#why-all"') == 1
    assert shown.count("aria-invalid") == 1
    outcome = reverse("diary:appointment-outcome", args=[first.pk])
    shown = client.post(outcome, {"state": "cancelled", "reason": ""}).content.decode()
    assert shown.count('<datalist id="diary-reasons">') == 1
    assert f'aria-describedby="why-{first.pk}-error" aria-invalid="true"' in shown
    assert f'id="why-{first.pk}-error"' in shown


def test_what_one_reads_and_does_not_keep_is_not_shown_as_moving(here: Scene) -> None:
    """A tutor who sees the whole school’s names reads whom they booked before; the group moves without them."""
    first, second = pair(here)
    make.MembershipFactory.create(user=here.tutor, role=Role.DATA_MANAGER, school=here.tutor.school)
    goes_away(here, here.classmate)
    client, address = client_of(here.tutor), reverse("diary:appointment-move", args=[first.pk])
    assert "Wren" in page(client, "/diary/?week=2026-W48")
    assert "Wren" not in page(client, address)
    assert "1 of 1 still booked" in page(client, reverse("diary:together", args=[first.pk]))
    assert client.post(address, ELSEWHERE | {"seen": seen_on(client, address)}).status_code == 302
    second.refresh_from_db()
    assert (second.state, second.day) == (State.CANCELLED, TUESDAY)


def test_what_cannot_be_put_back_is_not_said_to_be_somebody_elses(here: Scene) -> None:
    """The others were moved, unseen by the tutor: that time is nobody’s by now."""
    first, second = pair(here)
    with acting_as(Actor(here.tutor.pk)):
        services.mark_missed(by=here.tutor, appointment=first, reason="Ill")
    goes_away(here, here.classmate)
    Appointment.objects.filter(pk=second.pk).update(state=State.BOOKED, day=WEDNESDAY)
    address = reverse("diary:appointment-outcome", args=[first.pk])
    shown = client_of(here.tutor).post(address, {"reopen": "1"}, follow=True).content.decode()
    assert "It cannot be put back at that time any more. Book another time." in shown
    assert Appointment.objects.get(pk=first.pk).state == State.MISSED


def test_a_form_sent_twice_is_booked_once_and_both_are_told_so(here: Scene) -> None:
    client, address = client_of(here.tutor), picked(here.student, here.classmate)
    [token] = re.findall(r'name="draft_token" value="([^"]+)"', page(client, address))
    sent = ELSEWHERE | {"draft_token": token}
    told = [client.post(address, sent, follow=True).content.decode() for _ in range(2)]
    assert all("Booked: Wed 25 Nov 10:00 with 2." in answer for answer in told)
    assert Appointment.objects.count() == 2
    other = client.post(address, sent | {"starts_at": "11:00"}, follow=True).content.decode()
    assert "Booked: Wed 25 Nov 11:00 with 2." in other, "another time is another wish"
    assert Appointment.objects.count() == 4
    assert "There is an appointment at 10:00 already." in client.post(address, ELSEWHERE).content.decode()


def test_one_who_missed_it_ends_nobody_who_is_hidden(here: Scene) -> None:
    """The time stays: only what is cancelled or moved is given up for whoever is left in it."""
    first, second = pair(here)
    goes_away(here, here.classmate)
    with acting_as(Actor(here.tutor.pk)):
        services.mark_missed(by=here.tutor, appointment=first, reason="Ill")
    assert Appointment.objects.get(pk=second.pk).is_booked


def test_the_link_to_log_one_does_not_hint_at_somebody_hidden_beside_them(here: Scene) -> None:
    alone = make.AppointmentFactory.create(student=here.student, staff=here.tutor, day=TODAY, kind="meeting")
    link = alone.log_url
    alone.together = make.uuid.uuid4()
    assert alone.log_url == link
    assert link.startswith(reverse("tutor_sessions:session-create", args=[here.student.pk]))
