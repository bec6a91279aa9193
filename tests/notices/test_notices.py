"""Mails to staff (issue 4): only "there is something to read", each thing once, at the hour that each of them chose."""

import datetime as dt
import smtplib
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import School, User
from core.acting import Actor, acting_as, acting_as_system
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tests.workers import two_at_once
from tutoring.desk.deeds import DEEDS
from tutoring.notices import outbox
from tutoring.notices.models import StaffNotice
from tutoring.notices.selectors import NOT_MAILED, WORDS
from tutoring.roundrobin import mails as asked_by_mail
from tutoring.roundrobin.links import token_of

pytestmark = pytest.mark.django_db
PAGE = reverse("notices:my-mails")


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """In November 2026, on the school's clock; the 17th is a Tuesday, the 21st a Saturday."""
    return timezone.make_aware(dt.datetime(2026, 11, day, hour, minute))


@pytest.fixture(autouse=True)
def on_tuesday() -> Iterator[None]:
    with mock.patch("django.utils.timezone.now", return_value=at(17, 9)):
        yield


@pytest.fixture
def world() -> Scene:
    return scene()


@pytest.fixture
def head(world: Scene) -> User:
    return make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)


def alert(world: Scene, head: User, **values: Any) -> None:
    make.AlertFactory.create(
        **{"student": world.student, "raised_by": world.tutor, "to": head, "what": "Cried in lesson 2"} | values
    )


def sent(to: User) -> list[str]:
    return [str(letter.body) for letter in mail.outbox if letter.to == [to.email]]


def wants(person: User, mails: str, at: str = "07:30") -> None:
    User.objects.filter(pk=person.pk).update(mails=mails, mails_at=at)


def test_many_things_are_one_mail_a_day_and_each_is_told_once(world: Scene, head: User) -> None:
    """Delight 10: five things to read are one mail, and the next day none where nothing came."""
    for _ in range(5):
        alert(world, head)
    assert outbox.send_notices(at(17, 7, 29)) == 0
    assert outbox.send_notices(at(17, 7, 30)) == 1
    [body] = sent(head)
    assert "- 5 alerts to answer" in body
    alert(world, head)
    assert [outbox.send_notices(at(17, hour)) for hour in (8, 12, 18)] == [0, 0, 0], "one a day"
    assert outbox.send_notices(at(18, 7, 30)) == 1
    assert "- 1 alert to answer" in sent(head)[1]
    assert outbox.send_notices(at(19, 7, 30)) == 0, "nothing new"


def test_of_whatever_stands_on_today_it_is_said_whether_a_mail_tells_it() -> None:
    assert set(WORDS) - {"asked"} | NOT_MAILED == set(DEEDS)


def test_no_student_and_no_word_of_it_is_in_the_mail(world: Scene, head: User) -> None:
    """Duty 96, issue 4: nothing sensitive in a mail."""
    alert(world, head)
    make.NextStepFactory.create(
        session=make.TutorSessionFactory.create(student=world.student, author=head),
        owner="staff", owner_staff=head, text="Ring the clinic", due_on=dt.date(2026, 11, 16),
    )  # fmt: skip
    assert outbox.send_notices(at(17, 8)) == 1
    whole = str(mail.outbox[0].message()) + mail.outbox[0].subject + str(mail.outbox[0].body)
    assert "1 step due" in whole
    for private in ("Jamal", "Okafor", "Cried", "clinic", world.tutor.last_name, str(world.student.pk)):
        assert private not in whole, private


@pytest.mark.parametrize(
    ("when", "why"),
    [
        (at(17, 6, 59), "before seven"), (at(17, 19), "in the evening"), (at(21, 10), "Saturday"),
        (at(18, 10), "closed"), (at(30, 10), "after the term"),
    ],
)  # fmt: skip
def test_never_in_quiet_hours_nor_on_a_day_without_school(
    world: Scene, head: User, when: dt.datetime, why: str
) -> None:
    """Delight 10: nothing from 19:00 to 07:00, at weekends, in holidays and closures."""
    wants(head, "at_once", "00:00")
    alert(world, head)
    make.ClosureFactory.create(school=world.student.school, date=dt.date(2026, 11, 18))
    type(world.term).objects.update(ends_on=dt.date(2026, 11, 27))
    assert outbox.send_notices(when) == 0, why
    assert outbox.send_notices(at(19, 10)) == 1


def test_the_quiet_hours_of_the_school_hold_for_staff(world: Scene, head: User) -> None:
    alert(world, head)
    School.objects.update(quiet_until="08:30")
    assert [outbox.send_notices(at(17, 8, minute)) for minute in (29, 30)] == [0, 1]


def test_at_once_comes_with_each_thing_and_never_not_at_all(world: Scene, head: User) -> None:
    wants(head, "at_once")
    alert(world, head)
    assert [outbox.send_notices(at(17, 9, minute)) for minute in (0, 5)] == [1, 0]
    alert(world, head)
    assert outbox.send_notices(at(17, 9, 10)) == 1
    wants(head, "never")
    alert(world, head)
    assert outbox.send_notices(at(18, 9)) == 0


def test_what_was_done_meanwhile_is_not_told(world: Scene, head: User) -> None:
    alert(world, head, answered_on=dt.date(2026, 11, 16), answer="Seen", answered_by=head)
    assert outbox.send_notices(at(17, 9)) == 1, "the answer, to whoever asked"
    assert sent(head) == []
    assert "- 1 answer to an alert of yours" in sent(world.tutor)[0]


def test_a_worker_that_dies_sends_one_mail_a_day_and_loses_nothing(world: Scene, head: User) -> None:
    alert(world, head)
    with mock.patch.object(EmailBackend, "send_messages", side_effect=SystemExit), pytest.raises(SystemExit):
        outbox.send_notices(at(17, 8))
    assert outbox.send_notices(at(17, 8, 5)) == 0, "it may have gone"
    assert outbox.send_notices(at(18, 8)) == 1, "what may not have been told is told the next day"
    wants(head, "at_once")
    alert(world, head)
    with mock.patch.object(EmailBackend, "send_messages", side_effect=SystemExit), pytest.raises(SystemExit):
        outbox.send_notices(at(19, 8))
    assert [outbox.send_notices(at(19, 8, minute)) for minute in (5, 16)] == [0, 1]


@pytest.mark.parametrize("mails", ["usual", "at_once"])
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(mails: str) -> None:
    world = scene()
    head = make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)
    wants(head, mails)
    alert(world, head)
    # Both have found them before either takes them.
    assert two_at_once(lambda: outbox.send_notices(at(17, 9)), meet_at=(outbox, "_tell")) == [0, 1]
    assert len(mail.outbox) == 1


def test_a_mail_server_that_says_no_is_asked_again(world: Scene, head: User) -> None:
    alert(world, head)
    for error in (ConnectionRefusedError(), smtplib.SMTPResponseException(450, b"later")):
        with mock.patch.object(EmailBackend, "send_messages", side_effect=error):
            assert outbox.send_notices(at(17, 8)) == 0
    assert outbox.send_notices(at(17, 8, 5)) == 1


def test_requests_of_colleagues_are_gathered_with_their_links(world: Scene, head: User) -> None:
    """Duties 80, 81: whoever wants one mail a day finds the two taps in it; for others each comes at once, as ever."""
    asks = [make.AskFactory.create(student=world.student, asked_by=world.tutor, teacher=head) for _ in range(3)]
    wants(head, "daily")
    assert asked_by_mail.send_mails(at(17, 9)) == 0
    assert outbox.send_notices(at(17, 9)) == 1
    [body] = sent(head)
    assert "- 3 requests of colleagues to answer" in body
    assert all(token_of(ask.pk) in body for ask in asks)
    wants(head, "usual")
    assert asked_by_mail.send_mails(at(17, 9)) == 3
    assert outbox.send_notices(at(18, 9)) == 0
    wants(head, "never")
    make.AskFactory.create(student=world.student, asked_by=world.tutor, teacher=head)
    assert asked_by_mail.send_mails(at(17, 9)) == 0


def test_answers_of_colleagues_are_told_to_whoever_asked(world: Scene, head: User) -> None:
    make.AskFactory.create(
        student=world.student, asked_by=world.tutor, teacher=head, answers=["Well", "Well"], how="link",
        answered_at=at(16, 12),
    )  # fmt: skip
    assert outbox.send_notices(at(17, 9)) == 1
    assert "- 1 answer to what you asked colleagues" in sent(world.tutor)[0]


def test_each_chooses_on_a_page_of_their_own(world: Scene, head: User) -> None:
    client = client_of(head)
    assert "Mails to you" in client.get(reverse("desk:today")).content.decode()
    assert client.post(PAGE, {"mails": "daily", "mails_at": "16:15"}).status_code == 302
    head.refresh_from_db()
    assert (head.mails, head.mails_at) == ("daily", dt.time(16, 15))
    assert 'value="16:15"' in client.get(PAGE).content.decode()
    alert(world, head)
    assert [outbox.send_notices(at(17, 16, minute)) for minute in (14, 15)] == [0, 1]
    refused = client.post(PAGE, {"mails": "daily", "mails_at": "23:00"}).content.decode()
    assert "quiet hours" in refused
    assert client.post(PAGE, {"mails": "often", "mails_at": "16:15"}).status_code == 200
    assert Client().get(PAGE).status_code == 302


def test_only_the_job_knows_what_was_told(world: Scene, head: User) -> None:
    """Held by PostgreSQL: no person reads or writes it, and the job sees no student."""
    alert(world, head)
    outbox.send_notices(at(17, 9))
    assert StaffNotice.objects.exists()
    for person in (head, world.tutor):
        with acting_as(Actor(user_id=person.pk)):
            assert not StaffNotice.objects.exists()
            assert not StaffNotice.objects.update(told=[])
    with acting_as_system("reports"):
        assert not StaffNotice.objects.exists()
    with acting_as_system(outbox.JOB), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM students_student")
        assert cursor.fetchone() == (0,)


def test_a_colleague_costs_the_same_however_much_waits(
    world: Scene, head: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        alert(world, head)
    outbox.send_notices(at(17, 8))
    for _ in range(6):
        alert(world, head)
    with django_assert_max_num_queries(40):
        assert outbox.send_notices(at(18, 8)) == 1
