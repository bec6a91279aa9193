"""Delight 10: what is urgent goes in quiet hours and past the weekly mail, by who may send such and nobody else."""

import datetime as dt
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core.acting import Actor, acting_as, acting_as_system
from students.models import Contact, Student
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tests.sessions.test_praise_home import _send, _url, at
from tutoring.digests import outbox as weekly
from tutoring.digests.enums import State
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.sessions import outbox
from tutoring.sessions.enums import Sending
from tutoring.sessions.home import balance_of
from tutoring.sessions.models import HomeContact, HomeMessage, TutorSession
from tutoring.sessions.praise import people_at_home, wishes_of

pytestmark = pytest.mark.django_db
# The contacts, what they chose, the hour of the weekly mail, what is held, and the quiet hours after each of two weeks.
QUERIES_OF_WISHES = 8
WORDS = "Jamal has gone home early with a temperature."


@pytest.fixture
def world() -> Scene:
    found = scene()
    make.ContactFactory.create(
        student=found.student, email="ngozi@home.example", priority=1, parental_responsibility=True
    )
    return found


@pytest.fixture
def head(world: Scene) -> User:
    return make.person(Role.HEAD_OF_HOUSE, house=world.student.house)


def send_at(moment: dt.datetime, user: User, world: Scene, **typed: Any) -> Any:
    with mock.patch("django.utils.timezone.now", return_value=moment):
        return _send(client_of(user), world, **{"text": WORDS} | typed)


def chose_weekly(world: Scene) -> None:
    home = Contact.objects.get(email="ngozi@home.example")
    make.DigestChoiceFactory.create(contact=home, student=world.student, recorded_by=world.tutor)


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [(at(24, 6, 59), True), (at(24, 7), False), (at(24, 18, 59), False), (at(24, 19), True), (at(28, 12), True)],
)
def test_at_the_edges_of_quiet_hours_only_what_is_urgent_goes(
    world: Scene, head: User, moment: dt.datetime, quiet: bool
) -> None:
    send_at(moment, world.tutor, world, text="Jamal was kind.")
    send_at(moment, head, world, urgent="on", tone="hard")
    assert outbox.send_waiting(moment) == (1 if quiet else 2)
    assert mail.outbox[0].subject == "Urgent, please read now: about Jamal"
    assert mail.outbox[0].body.startswith(WORDS)
    assert HomeMessage.objects.get(urgent=False).state == (Sending.WAITING if quiet else Sending.SENT)


def test_it_is_logged_with_its_news_and_who_sent_it(world: Scene, head: User) -> None:
    """The balance counts it as what it was, not as good news."""
    send_at(at(24, 20), head, world, urgent="on", tone="hard")
    kept = HomeContact.objects.get()
    assert (kept.tone, kept.mode, TutorSession.objects.get().author) == ("hard", "message", head)
    assert Event.objects.filter(action="home.urgent", actor_id=head.pk, student_id=world.student.pk).count() == 1
    assert not Event.objects.filter(action="home.praised").exists()
    balance = balance_of(world.student, since=at(1, 0).date(), until=at(30, 0).date())
    assert balance.words == "1 hard this term"


def test_only_who_may_is_asked_and_what_a_tutor_forges_is_refused_with_the_words_kept(world: Scene, head: User) -> None:
    client = client_of(world.tutor)
    assert 'name="urgent"' in client_of(head).get(_url(world)).content.decode()
    assert 'name="urgent"' not in client.get(_url(world)).content.decode()
    refused = send_at(at(24, 20), world.tutor, world, urgent="on", tone="hard")
    page = refused.content.decode()
    assert refused.status_code == 200
    assert "You may not send an urgent message home. Nothing was sent" in page
    assert WORDS in page
    assert not HomeMessage.objects.exists()
    assert not TutorSession.objects.exists()


def test_the_database_takes_an_urgent_message_only_from_who_may_send_it(world: Scene) -> None:
    send_at(at(24, 20), world.tutor, world)
    message = HomeMessage.objects.get()
    row = {f.attname: getattr(message, f.attname) for f in message._meta.concrete_fields if f.name != "id"}
    HomeMessage.objects.all().delete()
    with acting_as(Actor(user_id=world.tutor.pk)), pytest.raises(DatabaseError), transaction.atomic():
        HomeMessage.objects.create(**row | {"urgent": True})
    with acting_as(Actor(user_id=world.tutor.pk)):
        kept = HomeMessage.objects.create(**row)
    with acting_as_system("home messages"), pytest.raises(DatabaseError), transaction.atomic():
        HomeMessage.objects.filter(pk=kept.pk).update(urgent=True)


def test_urgent_ticked_after_back_is_not_taken_for_what_went_before(world: Scene, head: User) -> None:
    with mock.patch("django.utils.timezone.now", return_value=at(24, 20)):
        client = client_of(head)
        home = str(Contact.objects.get().pk)
        sent = hidden_fields(client.get(_url(world))) | {"contact": home, "text": WORDS}
        assert client.post(_url(world), sent).status_code == 302
        urgent = client.post(_url(world), sent | {"urgent": "on", "tone": "hard"})
        assert (urgent.status_code, HomeMessage.objects.count()) == (409, 1)
        again = hidden_fields(urgent) | {"contact": home, "text": WORDS, "urgent": "on", "tone": "hard"}
        assert client.post(_url(world), again).status_code == 302
        assert client.post(_url(world), again | {"tone": "mixed"}).status_code == 409, "another news"
        assert client.post(_url(world), again).status_code == 302, "sent again as it was"
    assert sorted(HomeMessage.objects.values_list("urgent", flat=True)) == [False, True]
    assert outbox.send_waiting(at(24, 20)) == 1


def test_what_a_court_order_came_before_does_not_go(world: Scene) -> None:
    """It may wait for days: who may be written to is asked again when it goes."""
    send_at(at(24, 20), world.tutor, world)
    Contact.objects.update(court_order=True)
    assert outbox.send_waiting(at(25, 8)) == 0
    message = HomeMessage.objects.get()
    assert (message.state, message.error, message.body) == (Sending.FAILED, outbox.NO_MORE, "")
    assert mail.outbox == []


def test_with_the_weekly_mail_on_five_messages_are_one_mail(world: Scene) -> None:
    chose_weekly(world)
    for number in range(5):
        said = send_at(at(24, 10 + number), world.tutor, world, text=f"Good thing number {number}.")
        assert said.status_code == 302
    for moment in (at(24, 15), at(26, 12), at(27, 15, 59)):
        assert outbox.send_waiting(moment) == 0
    with mock.patch("django.utils.timezone.now", return_value=at(27, 16, 1)):
        assert weekly.send_digests(at(27, 16, 1)) == 1
        assert weekly.send_digests(at(27, 16, 2)) == 0
    assert outbox.send_waiting(at(30, 10)) == outbox.send_waiting(dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)) == 0
    [letter] = mail.outbox
    for number in range(5):
        assert f"Good thing number {number}." in letter.body
    assert set(HomeMessage.objects.values_list("state", "body")) == {(Sending.SENT, "")}
    assert FamilyDigest.objects.get().state == State.SENT


def test_a_weekly_mail_that_cannot_be_written_loses_no_praise_and_stops_nobody_elses(world: Scene) -> None:
    chose_weekly(world)
    send_at(at(24, 10), world.tutor, world, text="Jamal was kind.")
    classmate = make.ContactFactory.create(
        student=world.classmate, email="wren@home.example", parental_responsibility=True
    )
    make.DigestChoiceFactory.create(contact=classmate, student=world.classmate, recorded_by=world.tutor)
    for student in (world.student, world.classmate):
        make.BehaviourEventFactory.create(student=student, date=dt.date(2026, 11, 23), kind="positive")
    written = weekly.written

    def breaks_for_jamal(facts: Any, *others: Any) -> Any:
        if facts.address == "ngozi@home.example":
            raise KeyError("a word that the language has not")
        return written(facts, *others)

    friday = at(27, 16, 1)
    with mock.patch("django.utils.timezone.now", return_value=friday):
        with mock.patch.object(weekly, "written", breaks_for_jamal):
            assert weekly.send_digests(friday) == 1
        assert weekly.send_digests(at(27, 16, 30)) == 0
    assert [letter.to for letter in mail.outbox] == [["wren@home.example"]]
    assert FamilyDigest.objects.get(student=world.student).error == weekly.UNWRITTEN
    message = HomeMessage.objects.get()
    assert (message.state, message.error) == (Sending.WAITING, ""), "nothing was handed over"
    assert outbox.send_waiting(dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)) == 1


def test_what_was_written_to_an_address_that_has_changed_does_not_go_with_the_weekly_mail(world: Scene) -> None:
    chose_weekly(world)
    send_at(at(24, 10), world.tutor, world, text="To the old address.")
    Contact.objects.update(email="new@home.example")
    send_at(at(24, 11), world.tutor, world, text="To the new one.")
    with mock.patch("django.utils.timezone.now", return_value=at(27, 16, 1)):
        assert weekly.send_digests(at(27, 16, 1)) == 1
    [letter] = mail.outbox
    assert letter.to == ["new@home.example"]
    assert "To the new one." in letter.body
    assert "To the old address." not in letter.body
    assert set(HomeMessage.objects.values_list("state", "error")) == {
        (Sending.SENT, ""), (Sending.FAILED, outbox.NO_MORE),
    }  # fmt: skip


def test_what_is_urgent_does_not_wait_for_the_weekly_mail(world: Scene, head: User) -> None:
    chose_weekly(world)
    send_at(at(24, 20), head, world, urgent="on")
    assert outbox.send_waiting(at(24, 20)) == 1


def test_the_page_says_with_which_mail_it_goes(world: Scene) -> None:
    chose_weekly(world)
    with mock.patch("django.utils.timezone.now", return_value=at(24, 10)):
        client = client_of(world.tutor)
        assert "with their weekly mail on 27 November" in client.get(_url(world)).content.decode()
        _send(client, world)
        story = client.get(reverse("desk:student-story", args=[world.student.pk])).content.decode()
        assert "with their weekly mail on Friday 27 November" in story
        preview = client.get(reverse("digests:preview")).content.decode()
    assert "Written to them, goes with it:" in preview
    assert "doing with arriving on time" in preview


@pytest.mark.parametrize("why", ["held", "no parental responsibility", "left"])
def test_no_weekly_mail_is_promised_that_does_not_come(world: Scene, why: str) -> None:
    chose_weekly(world)
    home = Contact.objects.get()
    if why == "held":
        FamilyDigest.objects.create(contact=home, student=world.student, week=dt.date(2026, 11, 23), held=True)
    elif why == "left":
        Student.objects.filter(pk=world.student.pk).update(left_on=dt.date(2026, 11, 20))
    else:
        Contact.objects.update(parental_responsibility=False)
    with mock.patch("django.utils.timezone.now", return_value=at(24, 10)):
        [person] = people_at_home(world.student)
        assert person.weekly_at is None
        wish = wishes_of([person.contact], at(24, 10))[home.pk]
    assert (wish.weekly_at, wish.alone_from) == (None, None), "so it goes by itself, and at once"


def test_what_everybody_at_home_chose_is_asked_once(
    world: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chose_weekly(world)
    with django_assert_num_queries(QUERIES_OF_WISHES):
        wishes_of(list(Contact.objects.all()), at(24, 10))
    for number in range(3):
        other = make.ContactFactory.create(
            student=world.student, email=f"{number}@home.example", surname=f"N{number}", parental_responsibility=True
        )
        make.DigestChoiceFactory.create(contact=other, student=world.student, recorded_by=world.tutor)
    with django_assert_num_queries(QUERIES_OF_WISHES):
        found = wishes_of(list(Contact.objects.all()), at(24, 10))
    assert [wish.weekly_at for wish in found.values()] == [at(27, 16)] * 4


@pytest.mark.parametrize("stopped", [True, False])
def test_a_message_goes_by_itself_where_the_weekly_mail_does_not(world: Scene, stopped: bool) -> None:
    """Held back, or stopped in between: on the Tuesday after."""
    chose_weekly(world)
    send_at(at(24, 10), world.tutor, world)
    if stopped:
        DigestChoice.objects.update(rhythm="none")
    else:
        home = Contact.objects.get()
        FamilyDigest.objects.create(contact=home, student=world.student, week=dt.date(2026, 11, 23), held=True)
    with mock.patch("django.utils.timezone.now", return_value=at(27, 16, 1)):
        assert weekly.send_digests(at(27, 16, 1)) == 0
    assert outbox.send_waiting(at(30, 12)) == 0
    assert outbox.send_waiting(dt.datetime(2026, 12, 1, 7, 30, tzinfo=dt.UTC)) == 1
