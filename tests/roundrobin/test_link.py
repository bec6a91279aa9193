"""Answered from the mail (duties 80, 81): one link, one teacher, one student, one use, and no name in the mail."""

import datetime as dt
import uuid
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from accounts.enums import Role
from audit.models import Event
from core.acting import acting_as_system
from students.models import Term
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tests.workers import two_at_once
from tutoring.roundrobin import mails
from tutoring.roundrobin.links import token_of
from tutoring.roundrobin.models import Ask
from tutoring.roundrobin.selectors import names_asked

pytestmark = pytest.mark.django_db
WEDNESDAY = dt.datetime(2026, 11, 18, 10, 0, tzinfo=dt.UTC)
TAPS = {"answer_0": "Usually good", "answer_1": "Well", "words": ""}


@pytest.fixture
def world() -> Scene:
    return scene()


def asked(world: Scene, **values: Any) -> Ask:
    teacher = make.UserFactory.create(school=world.student.school)
    return make.AskFactory.create(**{"student": world.student, "asked_by": world.tutor, "teacher": teacher, **values})


def url(ask: Ask) -> str:
    return reverse("roundrobin:link", args=[token_of(ask.pk)])


def test_two_taps_without_signing_in_and_the_link_is_used_up(world: Scene) -> None:
    ask, browser = asked(world), Client()
    page = browser.get(url(ask))
    assert page.status_code == 200
    assert "Jamal Okafor" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "no-store" in page.headers["Cache-Control"]
    assert browser.post(url(ask), TAPS).status_code == 200
    ask.refresh_from_db()
    assert (ask.answers, ask.how) == (["Usually good", "Well"], "link")
    again = browser.post(url(ask), TAPS | {"answer_1": "I am worried"})
    assert again.status_code == 410
    assert "answered already" in again.content.decode()
    assert "Jamal" not in again.content.decode()
    ask.refresh_from_db()
    assert ask.answers == ["Usually good", "Well"]
    assert browser.get(url(ask)).status_code == 410


def test_opening_it_uses_nothing_up(world: Scene) -> None:
    """A mail scanner follows every link."""
    ask, browser = asked(world), Client()
    for _ in range(3):
        assert browser.get(url(ask)).status_code == 200
        assert browser.head(url(ask)).status_code == 200
    assert browser.post(url(ask), TAPS).status_code == 200


def test_the_link_of_one_student_opens_no_other(world: Scene) -> None:
    mine, other = asked(world), asked(world, student=world.classmate)
    assert "Zofia" not in Client().get(url(mine)).content.decode()
    Client().post(url(mine), TAPS | {"pk": str(other.pk), "ask": str(other.pk), "student": str(world.classmate.pk)})
    other.refresh_from_db()
    assert other.answered_at is None


def test_an_old_link_and_a_wrong_one_are_told_politely(world: Scene) -> None:
    old = asked(world, good_until=timezone.now() - dt.timedelta(minutes=1))
    page = Client().get(url(old))
    assert (page.status_code, "has run out" in page.content.decode()) == (410, True)
    assert Client().post(url(old), TAPS).status_code == 410
    wrong = Client().get(reverse("roundrobin:link", args=[token_of(uuid.uuid4())]))
    assert (wrong.status_code, "does not work" in wrong.content.decode()) == (410, True)
    gone = asked(world, teacher=make.UserFactory.create(school=world.student.school, is_active=False))
    assert Client().get(url(gone)).status_code == 410
    old.refresh_from_db()
    assert old.answered_at is None


def test_a_word_that_was_not_offered_is_no_answer(world: Scene) -> None:
    ask = asked(world)
    page = Client().post(url(ask), TAPS | {"answer_0": "", "words": "Kind to others"})
    assert "Tap one of these first." in page.content.decode()
    assert "Kind to others" in page.content.decode()
    Client().post(url(ask), TAPS | {"answer_1": "Whatever"})
    ask.refresh_from_db()
    assert ask.answered_at is None


def test_guessing_is_slowed_down() -> None:
    answers = {Client().get(reverse("roundrobin:link", args=[f"word{n}"])).status_code for n in range(301)}
    assert answers == {410, 429}


def test_the_door_shows_one_row_and_one_name(world: Scene) -> None:
    """Held by PostgreSQL: the door without a token sees nothing, with one nothing beside its row."""
    ask, _ = asked(world), asked(world, student=world.classmate)
    with acting_as_system("round robin door"):
        assert list(Ask.objects.all()) == []
        assert names_asked() == {}
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('waymark.asked', %s, true)", [token_of(ask.pk)])
            assert [row.pk for row in Ask.objects.all()] == [ask.pk]
            assert names_asked() == {ask.pk: "Jamal Okafor"}
            cursor.execute("SELECT count(*) FROM students_student")
            assert cursor.fetchone() == (0,)
    # A person with the setting is still only themselves.
    client = client_of(make.person(Role.SUBJECT_TEACHER, school=world.student.school))
    assert client.get(reverse("roundrobin:answer", args=[ask.pk])).status_code == 404


def test_twenty_teachers_answer_by_script_in_a_fixed_number_of_queries(world: Scene) -> None:
    round_id = uuid.uuid4()
    asks = [asked(world, round=round_id) for _ in range(20)]
    needed = set()
    for ask in asks:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert Client().post(url(ask), TAPS).status_code == 200
        needed.add(len(queries))
    assert len(needed) == 1
    page = client_of(world.tutor).get(reverse("roundrobin:sheet", args=[round_id])).content.decode()
    assert "20 of 20 answered" in page
    assert "Not answered yet" not in page


def test_the_mail_names_no_student_and_the_token_is_kept_nowhere(world: Scene) -> None:
    ask = asked(world)
    with travel(WEDNESDAY, tick=False):
        Ask.objects.update(good_until=timezone.now() + dt.timedelta(days=14), answer_by=dt.date(2026, 11, 25))
        assert mails.send_mails() == 1
        assert mails.send_mails() == 0
    [letter] = mail.outbox
    text = f"{letter.subject} {letter.body} {letter.extra_headers}"
    assert letter.to == [ask.teacher.email]
    assert url(ask) in letter.body
    for secret in ("Jamal", "Okafor", world.student.initials + " ", str(world.student.pk)):
        assert secret not in text
    Client().get(url(ask))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(e)::text FROM audit_event e UNION SELECT row_to_json(a)::text FROM roundrobin_ask a"
        )
        assert not [row for (row,) in cursor.fetchall() if token_of(ask.pk) in row]


def test_the_chaser_goes_once_on_the_day_before_and_stops_on_reply(world: Scene) -> None:
    with travel(WEDNESDAY, tick=False) as clock:
        day = {"answer_by": dt.date(2026, 11, 20), "remind_on": dt.date(2026, 11, 19)}
        quiet, replied = asked(world, **day), asked(world, **day)
        assert mails.send_mails() == 2
        clock.move_to(WEDNESDAY.replace(hour=19))
        assert mails.send_mails() == 0
        Client().post(url(replied), TAPS)
        clock.move_to(WEDNESDAY + dt.timedelta(days=1))
        assert mails.send_mails() == 1
        assert mails.send_mails() == 0
        clock.move_to(WEDNESDAY + dt.timedelta(days=2))
        assert mails.send_mails() == 0
    assert [m.to for m in mail.outbox[2:]] == [[quiet.teacher.email]]
    assert mail.outbox[2].body.count(url(quiet)) == 1


@pytest.mark.parametrize(
    ("day", "hour", "goes"),
    [(20, 6, 0), (20, 7, 1), (20, 18, 1), (20, 19, 0), (21, 10, 0), (19, 10, 0), (30, 10, 0)],
)
def test_mails_leave_on_school_days_outside_the_quiet_hours(world: Scene, day: int, hour: int, goes: int) -> None:
    """Not in the evening, at a weekend, on a closure or after the term."""
    with travel(WEDNESDAY, tick=False):
        asked(world)
    make.ClosureFactory.create(school=world.student.school, date=dt.date(2026, 11, 19))
    Term.objects.update(starts_on=dt.date(2026, 9, 3), ends_on=dt.date(2026, 11, 27))
    assert mails.send_mails(dt.datetime(2026, 11, day, hour, 0, tzinfo=dt.UTC)) == goes


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail() -> None:
    with travel(WEDNESDAY, tick=False):
        asked(scene())
    # Both have found it before either takes it.
    assert two_at_once(lambda: mails.send_mails(WEDNESDAY), meet_at=(mails, "_send")) == [0, 1]
    assert len(mail.outbox) == 1


def test_an_answer_from_the_mail_is_on_the_record_without_the_token(world: Scene) -> None:
    ask = asked(world)
    Client().post(url(ask), TAPS)
    line = Event.objects.get(action="ask.answered")
    assert (line.actor_id, str(line.student_id)) == (None, str(world.student.pk))
    assert "Well" not in str(line.detail)


def test_nobody_is_reminded_on_the_day_of_the_first_mail(world: Scene) -> None:
    """Duties 80, 81: whoever was asked this morning has not forgotten."""
    with travel(WEDNESDAY, tick=False):
        asked(world, answer_by=dt.date(2026, 11, 20), remind_on=dt.date(2026, 11, 18))
    hours = [WEDNESDAY + dt.timedelta(hours=hours) for hours in (0, 1, 24)]
    assert [mails.send_mails(now) for now in hours] == [1, 0, 1]


def test_a_mail_that_could_not_go_waits_for_the_next_minute(world: Scene) -> None:
    with travel(WEDNESDAY, tick=False):
        asked(world)
    with mock.patch.object(EmailBackend, "send_messages", side_effect=ConnectionRefusedError):
        assert mails.send_mails(WEDNESDAY) == 0
    assert mails.send_mails(WEDNESDAY + dt.timedelta(minutes=1)) == 1


def test_a_mail_in_the_hands_of_a_worker_that_dies_goes_after_all(world: Scene) -> None:
    with travel(WEDNESDAY, tick=False):
        asked(world)
    with mock.patch.object(EmailBackend, "send_messages", side_effect=SystemExit), pytest.raises(SystemExit):
        mails.send_mails(WEDNESDAY)
    assert [mails.send_mails(WEDNESDAY + dt.timedelta(minutes=minutes)) for minutes in (9, 11)] == [0, 1]


@pytest.mark.parametrize("person", [{"mails": "never"}, {"mails": "daily"}, {"is_active": False}])
def test_no_mail_to_whoever_wants_none_has_one_a_day_or_has_left(world: Scene, person: dict[str, Any]) -> None:
    with travel(WEDNESDAY, tick=False):
        asked(world, teacher=make.UserFactory.create(school=world.student.school, **person))
    assert mails.send_mails(WEDNESDAY) == 0


def test_what_was_answered_while_its_mail_was_being_taken_brings_none(world: Scene) -> None:
    with travel(WEDNESDAY, tick=False):
        ask = asked(world)
        Client().post(url(ask), TAPS)
    assert not mails._send(ask, mails.FIRST, WEDNESDAY), "as it was read, unanswered"
    assert mail.outbox == []
