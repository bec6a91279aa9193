"""A message home that no mail server takes for good told nobody anything, and its writer is told (duty 44)."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.enums import Role
from core.acting import Actor, acting_as
from students.models import Contact, Student
from tests import factories as make
from tests.sessions.pages import Scene, client_of, opened_form, scene
from tutoring.notices.selectors import counted, things_for
from tutoring.sessions.enums import Sending
from tutoring.sessions.home import balance_of, last_good_news, students_with_good_news
from tutoring.sessions.models import HomeMessage

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def praised(world: Scene, contact: Contact, ago: int = 0) -> HomeMessage:
    """Praise by the tutor that went out, so many days ago."""
    day = localdate() - ago * DAY
    talk = make.TutorSessionFactory.create(student=world.student, author=world.tutor, kind="call_home", held_on=day)
    home = make.HomeContactFactory.create(session=talk, contact=contact, mode="message", outcome="message", tone="good")
    return make.HomeMessageFactory.create(  # type: ignore[no-any-return]
        home_contact=home, state=Sending.SENT, body="", sent_at=timezone.now(), taken_at=timezone.now()
    )


def fails(message: HomeMessage) -> None:
    HomeMessage.objects.filter(pk=message.pk).update(state=Sending.FAILED, sent_at=None, error="Refused")


def on_today(world: Scene) -> list[str]:
    page = client_of(world.tutor).get(reverse("desk:today")).context
    return [due.line.text for due in (*page["due"], *page["more_due"]) if due.line.kind == "not_sent"]


@pytest.fixture
def world() -> Scene:
    return scene()


@pytest.fixture
def mother(world: Scene) -> Contact:
    contact: Contact = make.ContactFactory.create(
        student=world.student, email="ngozi@home.example", parental_responsibility=True
    )
    return contact


def test_praise_that_never_went_is_no_good_news(world: Scene, mother: Contact) -> None:
    earlier, message = praised(world, mother, ago=9), praised(world, mother)
    days = {"since": localdate() - 20 * DAY, "until": localdate()}

    def told() -> tuple[dt.date | None, dt.date | None, dt.date | None, int]:
        with acting_as(Actor(user_id=world.tutor.pk)):
            beside = students_with_good_news(Student.objects.all()).get(pk=world.student.pk)
            balance = balance_of(world.student, **days)
            known: dt.date | None = beside.last_good_home  # type: ignore[attr-defined]
            return known, last_good_news(world.student), balance.last_good, balance.by_tone["good"]

    assert told() == (localdate(), localdate(), localdate(), 2)
    fails(message)
    before = localdate() - 9 * DAY
    assert told() == (before, before, before, 1)
    fails(earlier)
    assert told() == (None, None, None, 0)


@time_machine.travel(dt.datetime(2026, 11, 18, 10, tzinfo=dt.UTC), tick=False)
def test_the_weekly_mail_counts_what_went(world: Scene, mother: Contact) -> None:
    make.DigestChoiceFactory.create(contact=mother, student=world.student)
    message, monday = praised(world, mother), localdate() - localdate().weekday() * DAY

    def news() -> int:
        with acting_as(Actor(user_id=make.person(Role.HEADTEACHER).pk)), connection.cursor() as cursor:
            cursor.execute("SELECT news FROM guard.digest_facts(%s::uuid[], %s)", [[mother.pk], monday])
            [(number,)] = cursor.fetchall()
            return int(number)

    assert news() == 1
    fails(message)
    assert news() == 0


def test_its_writer_is_told_until_home_was_reached_some_other_way(world: Scene, mother: Contact) -> None:
    message, other = praised(world, mother, ago=2), make.ContactFactory.create(student=world.student, surname="Else")
    assert on_today(world) == []
    fails(message)
    assert on_today(world) == ["Mrs Okafor, mother"]
    with acting_as(Actor(user_id=world.tutor.pk)):
        mail = counted(things_for(world.tutor, timezone.now(), localdate()))
    assert mail == ["1 message home that was not sent"]
    page = client_of(world.tutor).get(reverse("desk:student-family", args=[world.student.pk])).content.decode()
    assert "not sent" in page
    praised(world, other)
    assert on_today(world) == ["Mrs Okafor, mother"], "another parent heard of it"
    again = praised(world, mother)
    assert on_today(world) == []
    fails(again)
    assert on_today(world) == ["Mrs Okafor, mother"], "once: of the last try"


def test_its_writer_says_that_nobody_was_reached(world: Scene, mother: Contact) -> None:
    """On the conversation itself, as long as that may be changed."""
    message = praised(world, mother)
    fails(message)
    client = client_of(world.tutor)
    url = reverse("tutor_sessions:session-update", args=[message.home_contact.session_id])
    form = opened_form(client, url, kind="call_home", **{"home-contact": str(mother.pk), "home-outcome": "no_answer"})
    assert client.post(url, form).status_code == 302
    assert on_today(world) == []
