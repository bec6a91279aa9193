"""Praise home (duty 44): three taps, one mail, never twice, never in quiet hours, nothing in it but what was typed."""

import datetime as dt
import smtplib
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Draft
from accounts.quiet_hours import is_quiet, next_sending
from audit.models import Event
from core.acting import Actor, acting_as, acting_as_system
from students.models import Contact
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.sessions import outbox, praise
from tutoring.sessions.enums import Sending
from tutoring.sessions.models import HomeContact, HomeMessage, TutorSession

pytestmark = pytest.mark.django_db


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """In November 2026, on the school's clock; the 23rd is a Monday."""
    return timezone.make_aware(dt.datetime(2026, 11, day, hour, minute))


OPEN = at(24, 10)


@pytest.fixture
def at_ten() -> Iterator[None]:
    with mock.patch("django.utils.timezone.now", return_value=OPEN):
        yield


@pytest.fixture
def world() -> Scene:
    found = scene()
    make.ContactFactory.create(student=found.student, email="ngozi@home.example", priority=1)
    make.ContactFactory.create(
        student=found.student, title="Mr", surname="Bellweather", relationship="Father",
        email="father@elsewhere.example", phone="07700 900777", address="4 Canal Side", priority=2,
    )  # fmt: skip
    return found


def _url(world: Scene) -> str:
    return reverse("tutor_sessions:praise-home", args=[world.student.pk])


def _chosen(client: Client, world: Scene, number: int = 0, **typed: str) -> Any:
    """The page after one of the ready sentences was chosen."""
    return client.post(_url(world), hidden_fields(client.get(_url(world))) | {"sentence": str(number)} | typed)


def _send(client: Client, world: Scene, **changed: Any) -> Any:
    page = _chosen(client, world)
    first = Contact.objects.order_by("priority")[0]
    sent = hidden_fields(page) | {"contact": str(first.pk), "text": page.context["form"]["text"].value()} | changed
    return client.post(_url(world), sent)


@pytest.mark.usefixtures("at_ten")
def test_three_taps_from_the_students_page(world: Scene) -> None:
    client = client_of(world.tutor)
    story = client.get(reverse("desk:student-story", args=[world.student.pk])).content.decode()
    assert f'href="{_url(world)}">Praise home</a>' in story
    page = client.get(_url(world))  # the first tap
    assert 'name="sentence" value="0"' in page.content.decode()
    chosen = client.post(_url(world), hidden_fields(page) | {"sentence": "0"})  # the second
    form = chosen.context["form"]
    ready = hidden_fields(chosen) | {"contact": form["contact"].value(), "text": form["text"].value()}
    assert "Jamal" in ready["text"]
    assert client.post(_url(world), ready).status_code == 302  # the third
    kept = HomeContact.objects.get()
    assert (kept.mode, kept.tone, kept.contact.email) == ("message", "good", "ngozi@home.example")
    assert TutorSession.objects.get().happened == ready["text"]
    assert outbox.send_waiting(OPEN) == 1


@pytest.mark.usefixtures("at_ten")
def test_the_mail_holds_what_was_typed_and_who_writes_and_nothing_of_anybody_else(world: Scene) -> None:
    """Separated parents: nothing of one reaches the other."""
    _send(client_of(world.tutor), world, text="Jamal was on time all week.")
    outbox.send_waiting(OPEN)
    [letter] = mail.outbox
    assert letter.to == ["ngozi@home.example"]
    assert letter.subject == "Good news about Jamal"
    assert letter.body == "Jamal was on time all week.\n\nMs Shah\nNorthgate School"
    whole = letter.message().as_string()
    for private in ("Okafor", "Bellweather", "elsewhere", "07700", "Canal Side", str(world.student.pk)):
        assert private not in whole
    assert (letter.cc, letter.bcc) == ([], [])


@pytest.mark.usefixtures("at_ten")
def test_it_goes_once_however_often_the_form_and_the_bell_come(world: Scene) -> None:
    client = client_of(world.tutor)
    page = _chosen(client, world)
    sent = hidden_fields(page) | {
        "contact": str(page.context["form"]["contact"].value()), "text": page.context["form"]["text"].value()
    }  # fmt: skip
    for _ in range(2):
        assert client.post(_url(world), sent).status_code == 302
    assert [outbox.send_waiting(OPEN) for _ in range(3)] == [1, 0, 0]
    assert len(mail.outbox) == HomeMessage.objects.count() == 1
    message = HomeMessage.objects.get()
    assert (message.state, message.body) == (Sending.SENT, "")
    assert Event.objects.filter(action="home_message.sent", student_id=world.student.pk, actor_id=None).count() == 1


@pytest.mark.usefixtures("at_ten")
def test_a_worker_that_dies_with_a_message_in_its_hands_sends_it_never_twice(world: Scene) -> None:
    _send(client_of(world.tutor), world)
    handed_over = EmailBackend.send_messages

    def hand_over_and_die(self: Any, letters: Any) -> None:
        handed_over(self, letters)
        raise SystemExit("killed")

    with mock.patch.object(EmailBackend, "send_messages", hand_over_and_die), pytest.raises(SystemExit):
        outbox.send_waiting(OPEN)
    assert HomeMessage.objects.get().state == Sending.SENDING
    assert outbox.send_waiting(OPEN + dt.timedelta(minutes=14)) == 0
    assert outbox.send_waiting(OPEN + dt.timedelta(minutes=16)) == 0
    message = HomeMessage.objects.get()
    assert (message.state, message.error) == (Sending.FAILED, outbox.LOST)
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("at_ten")
@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPDataError(451, b"busy"), Sending.WAITING),
        (smtplib.SMTPRecipientsRefused({"ngozi@home.example": (550, b"unknown")}), Sending.FAILED),
        (smtplib.SMTPServerDisconnected("gone"), Sending.FAILED),
    ],
)
def test_what_the_mail_server_says_decides(world: Scene, error: Exception, state: str) -> None:
    _send(client_of(world.tutor), world)
    with mock.patch.object(EmailBackend, "send_messages", side_effect=error):
        outbox.send_waiting(OPEN)
    message = HomeMessage.objects.get()
    assert message.state == state
    again = outbox.send_waiting(OPEN + outbox.LATER)
    assert again == (1 if state == Sending.WAITING else 0)


@pytest.mark.usefixtures("at_ten")
def test_no_mail_server_leaves_everything_waiting(world: Scene) -> None:
    _send(client_of(world.tutor), world)
    with mock.patch.object(EmailBackend, "open", side_effect=ConnectionRefusedError, create=True):
        assert outbox.send_waiting(OPEN) == 0
    assert HomeMessage.objects.get().attempts == 0
    assert outbox.send_waiting(OPEN) == 1


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        (at(24, 6, 59), at(24, 7, 30)),
        (at(24, 7), at(24, 7)),
        (at(24, 18, 59), at(24, 18, 59)),
        (at(24, 19), at(25, 7, 30)),
        (at(24, 23, 59), at(25, 7, 30)),
        (at(25, 0), at(25, 7, 30)),
        (at(27, 19), at(30, 7, 30)),  # Friday evening
        (at(28, 12), at(30, 7, 30)),
        (at(29, 6), at(30, 7, 30)),
        (at(30, 6), at(30, 7, 30)),
    ],
)
def test_quiet_hours_at_their_edges(now: dt.datetime, goes: dt.datetime) -> None:
    assert next_sending(now) == goes
    assert is_quiet(now) is (now != goes)
    assert not is_quiet(goes)


def test_what_is_written_in_the_evening_waits_and_says_so(world: Scene) -> None:
    evening = at(24, 20)
    with mock.patch("django.utils.timezone.now", return_value=evening):
        client = client_of(world.tutor)
        page = client.get(_url(world)).content.decode()
        assert "It is quiet now: this goes on Wednesday at 07:30." in page
        _send(client, world)
    for moment, went in ((evening, 0), (at(25, 7, 29), 0), (at(25, 7, 30), 1)):
        assert outbox.send_waiting(moment) == went


def test_a_worker_that_comes_back_at_night_waits_too(world: Scene) -> None:
    with mock.patch("django.utils.timezone.now", return_value=OPEN):
        _send(client_of(world.tutor), world)
    assert outbox.send_waiting(at(24, 22)) == 0
    assert outbox.send_waiting(at(25, 8)) == 1


@pytest.mark.usefixtures("at_ten")
def test_past_a_court_order_nobody_can_be_written_to(world: Scene) -> None:
    client = client_of(world.tutor)
    Contact.objects.filter(email="ngozi@home.example").update(court_order=True)
    page = client.get(_url(world))
    assert page.context["form"]["contact"].value() == Contact.objects.get(title="Mr").pk
    assert "Ask the designated safeguarding lead" in page.content.decode()
    assert _send(client, world).status_code == 200
    assert not HomeMessage.objects.exists()
    assert not TutorSession.objects.exists()


def test_nobody_without_parental_responsibility_is_proposed_and_nobody_to_write_to_is_said(world: Scene) -> None:
    client = client_of(world.tutor)
    Contact.objects.update(parental_responsibility=False)
    assert client.get(_url(world)).context["form"]["contact"].value() is None
    Contact.objects.update(email="")
    page = client.get(_url(world)).content.decode()
    assert "no e-mail address on file" in page
    assert "Log a call without a message" in page


@pytest.mark.usefixtures("at_ten")
def test_the_database_lets_nobody_write_to_an_address_of_their_own(world: Scene) -> None:
    _send(client_of(world.tutor), world)
    message = HomeMessage.objects.get()
    row = {f.attname: getattr(message, f.attname) for f in message._meta.concrete_fields if f.name != "id"}
    HomeMessage.objects.all().delete()
    with acting_as(Actor(user_id=world.tutor.pk)):
        for changed in ({"address": "me@elsewhere.example"}, {"state": "sent", "body": ""}):
            with pytest.raises(DatabaseError), transaction.atomic():
                HomeMessage.objects.create(**row | changed)
        HomeMessage.objects.create(**row)


@pytest.mark.usefixtures("at_ten")
def test_the_job_reads_what_waits_and_no_words_of_what_has_gone_and_no_student(world: Scene) -> None:
    _send(client_of(world.tutor), world)
    with acting_as_system("home messages"):
        assert [m.body[:5] for m in HomeMessage.objects.all()] != [""]
        assert not HomeContact.objects.exists()
        assert not TutorSession.objects.exists()
        assert not Contact.objects.exists()
    outbox.send_waiting(OPEN)
    with acting_as_system("home messages"):
        assert [m.body for m in HomeMessage.objects.all()] == [""]
    with acting_as_system("reports"):
        assert not HomeMessage.objects.exists()


def test_who_may_not_see_the_family_praises_nobody_home(world: Scene) -> None:
    teacher = make.person(Role.SUBJECT_TEACHER, student=world.student)
    assert client_of(teacher).get(_url(world)).status_code == 403


@pytest.mark.usefixtures("at_ten")
def test_a_ready_sentence_takes_the_place_of_another_and_never_of_ones_own_words(world: Scene) -> None:
    client = client_of(world.tutor)
    first, second = praise.sentence(0, world.student), praise.sentence(1, world.student)
    assert _chosen(client, world, 1, text=first).context["form"]["text"].value() == second
    beside = _chosen(client, world, 1, text=f"He held the door for Year 7.\r\n\r\n{first}")
    assert beside.context["form"]["text"].value() == f"He held the door for Year 7.\n\n{second}"
    assert _chosen(client, world, 99, text="Mine").context["form"]["text"].value() == "Mine"


@pytest.mark.usefixtures("at_ten")
def test_sent_again_it_goes_once_its_draft_goes_and_other_words_are_not_lost(world: Scene) -> None:
    client = client_of(world.tutor)
    sent = hidden_fields(client.get(_url(world)))
    sent |= {"contact": str(Contact.objects.get(email="ngozi@home.example").pk), "text": "Well done."}
    save = reverse("accounts:draft-save", args=[sent["draft_form"]])
    for _ in range(2):  # the second time after Back: the page saved its words as a draft again
        client.post(save, sent)
        assert client.post(_url(world), sent).status_code == 302
        assert not Draft.objects.exists()
    other = client.post(_url(world), sent | {"text": "Quite other words."})
    assert (other.status_code, HomeMessage.objects.count()) == (409, 1)
    assert "Quite other words." in other.content.decode()
    assert hidden_fields(other)["draft_token"] != sent["draft_token"]


@pytest.mark.usefixtures("at_ten")
def test_after_back_the_same_words_to_another_parent_are_a_message_of_their_own(world: Scene) -> None:
    client = client_of(world.tutor)
    mother, father = (str(contact.pk) for contact in Contact.objects.order_by("priority"))
    sent = hidden_fields(client.get(_url(world))) | {"contact": mother, "text": "Well done."}
    assert client.post(_url(world), sent).status_code == 302
    other = client.post(_url(world), sent | {"contact": father})
    assert (other.status_code, HomeMessage.objects.count()) == (409, 1), "nothing is said to have gone that has not"
    again = hidden_fields(other) | {"contact": father, "text": "Well done."}
    assert client.post(_url(world), again).status_code == 302
    assert outbox.send_waiting(OPEN) == 2
    assert sorted(letter.to for letter in mail.outbox) == [["father@elsewhere.example"], ["ngozi@home.example"]]
