"""What goes home on Friday, looked through before (delight 10), and what a family chose (duty 96)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from audit.models import Event
from tests import factories as make
from tests.digests.test_letters import FRIDAY, MONDAY, choice, reward
from tests.sessions.pages import Scene, client_of, scene
from tutoring.digests import outbox
from tutoring.digests.models import DigestChoice, FamilyDigest

pytestmark = pytest.mark.django_db
PREVIEW = reverse("digests:preview")


@pytest.fixture(autouse=True)
def on_thursday() -> Iterator[None]:
    thursday = timezone.make_aware(dt.datetime(2026, 11, 19, 10))
    with mock.patch("django.utils.timezone.now", return_value=thursday):
        yield


@pytest.fixture
def world() -> Scene:
    return scene()


@pytest.fixture
def client(world: Scene) -> Client:
    return client_of(world.tutor)


def change(client: Client, chosen: DigestChoice, **typed: str) -> Any:
    return client.post(reverse("digests:change", args=[chosen.contact_id]), typed, follow=True)


def test_what_the_tutor_looks_through_is_what_goes(world: Scene, client: Client) -> None:
    chosen = choice(world)
    reward(world)
    page = client.get(PREVIEW).content.decode()
    told = "Jamal was given 1 reward: Kindness."
    assert told in page
    assert "Friday 20 November from 16:00" in page
    outbox.send_digests(FRIDAY)
    assert told in str(mail.outbox[0].body)
    news = make.TutorSessionFactory.create(student=world.student, author=world.tutor, kind="call_home", held_on=MONDAY)
    make.HomeContactFactory.create(session=news, contact=None, tone="good")
    page = client.get(PREVIEW).content.decode()
    assert "Sent" in page
    assert "good news to tell" not in page, "what came after it went was not in it"
    assert "Hold the whole mail back" not in page
    assert "has gone" in change(client, chosen, what="hold").content.decode()
    assert not FamilyDigest.objects.get().held


def test_a_line_left_out_does_not_go_and_a_mail_held_back_neither(world: Scene, client: Client) -> None:
    first = choice(world)
    second = choice(world, surname="Second", email="second@home.example")
    reward(world)
    news = make.TutorSessionFactory.create(student=world.student, author=world.tutor, kind="call_home", held_on=MONDAY)
    make.HomeContactFactory.create(session=news, contact=None, tone="good")
    change(client, first, what="out", part="rewards")
    change(client, second, what="hold")
    assert "Let it go" in client.get(PREVIEW).content.decode()
    assert outbox.send_digests(FRIDAY) == 1
    [letter] = mail.outbox
    assert letter.to == ["ngozi@home.example"]
    assert "Kindness" not in str(letter.message())
    assert "good news to tell" in str(letter.body)
    change(client, second, what="release")
    assert outbox.send_digests(FRIDAY) == 1
    acts = set(
        Event.objects.filter(actor_id=world.tutor.pk, action__startswith="digest.").values_list("action", flat=True)
    )
    assert acts == {"digest.changed", "digest.held", "digest.released"}


def test_with_every_good_line_left_out_nothing_goes(world: Scene, client: Client) -> None:
    chosen = choice(world)
    reward(world)
    change(client, chosen, what="out", part="rewards")
    assert "nothing good to tell yet" in client.get(PREVIEW).content.decode()
    change(client, chosen, what="back", part="rewards")
    change(client, chosen, what="out", part="rewards")
    assert outbox.send_digests(FRIDAY) == 0


def test_what_a_family_chose_is_recorded_with_who_and_when(world: Scene, client: Client) -> None:
    contact = make.ContactFactory.create(student=world.student, email="ngozi@home.example")
    url = reverse("digests:choice", args=[contact.pk])
    assert url in client.get(reverse("desk:student-family", args=[world.student.pk])).content.decode()
    assert client.post(url, {"rhythm": "weekly", "language": "pl"}).status_code == 302
    chosen = DigestChoice.objects.get()
    assert (chosen.rhythm, chosen.language, chosen.recorded_by) == ("weekly", "pl", world.tutor)
    assert str(world.tutor) in client.get(url).content.decode()
    assert client.post(url, {"rhythm": "none", "language": "pl"}).status_code == 302
    assert DigestChoice.objects.get().rhythm == "none"
    assert "No family here gets the mail yet" in client.get(PREVIEW).content.decode()
    assert change(client, chosen, what="hold").status_code == 404


def test_past_a_court_order_nothing_can_be_chosen(world: Scene, client: Client) -> None:
    contact = make.ContactFactory.create(student=world.student, email="ngozi@home.example", court_order=True)
    url = reverse("digests:choice", args=[contact.pk])
    assert "court order" in client.get(url).content.decode()
    assert client.post(url, {"rhythm": "weekly", "language": "en"}).status_code == 200
    assert not DigestChoice.objects.exists()


def test_whom_one_does_not_tutor_one_does_not_preview(world: Scene) -> None:
    chosen = choice(world)
    reward(world)
    other = make.TutorGroupFactory.create(name="9Z")
    make.student_in(other)
    stranger = client_of(make.person(Role.TUTOR, group=other))
    assert "Jamal" not in stranger.get(PREVIEW).content.decode()
    assert stranger.get(PREVIEW, {"group": str(world.group.pk)}).status_code == 404
    assert stranger.get(reverse("digests:choice", args=[chosen.contact_id])).status_code == 404
    assert change(stranger, chosen, what="hold").status_code == 404
    officer = client_of(make.person(Role.ATTENDANCE_OFFICER, school=world.student.school))
    assert officer.get(PREVIEW).status_code == 403


def test_a_group_of_many_asks_as_much_as_a_group_of_one(world: Scene, client: Client) -> None:
    choice(world)
    client.get(PREVIEW)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(PREVIEW)
    for number in range(5):
        student = make.student_in(world.group)
        make.DigestChoiceFactory.create(contact__student=student, contact__surname=f"N{number}")
    with CaptureQueriesContext(connection) as many:
        client.get(PREVIEW)
    assert len(many) == len(one)
