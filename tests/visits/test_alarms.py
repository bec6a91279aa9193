"""The lone worker's timer (duty 92): one mail to the one named, one to the heads, nothing in it, each once."""

import datetime as dt
import smtplib
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from tests import factories as make
from tests.sessions.pages import Scene, scene
from tests.workers import two_at_once
from tutoring.visits import alarms
from tutoring.visits.models import HomeVisit

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def led(world: Scene, role: Role, name: str, **scope: Any) -> User:
    return make.person(role, school=world.student.school, email=f"{name}@school.example", last_name=name, **scope)


def out(world: Scene, told: User, **values: Any) -> HomeVisit:
    now = timezone.now()
    times = {"leaves_at": now - 60 * MINUTE, "out_at": now - 58 * MINUTE, "back_by": now - MINUTE}
    people = {"student": world.student, "visitor": world.tutor, "told": told}
    visit: HomeVisit = make.HomeVisitFactory.create(**(people | times | {"note": "Owes rent"} | values))
    return visit


def sent() -> list[list[str]]:
    return [sorted(letter.to) for letter in mail.outbox]


def test_the_one_named_is_told_once_and_a_quarter_of_an_hour_later_the_heads() -> None:
    world = scene()
    told = led(world, Role.ATTENDANCE_OFFICER, "told")
    led(world, Role.HEAD_OF_HOUSE, "head", house=world.group.house)
    led(world, Role.DEPUTY_HEAD_OF_HOUSE, "deputy", house=world.group.house)
    led(world, Role.HEAD_OF_HOUSE, "elsewhere", house=make.HouseFactory.create(name="Curie"))
    led(world, Role.HEADTEACHER, "headteacher")
    visit = out(world, told, site="https://waymark.school.example/")
    assert [alarms.raise_alarms() for _ in range(3)] == [1, 0, 0]
    assert sent() == [["told@school.example"]]
    assert "\nhttps://waymark.school.example/visits/\n" in mail.outbox[0].body, "a page whose address names nobody"
    later = visit.back_by + 16 * MINUTE
    assert [alarms.raise_alarms(later) for _ in range(3)] == [1, 0, 0]
    assert sent()[1:] == [["deputy@school.example", "head@school.example"]]
    assert Event.objects.filter(action="visit.alarm", student_id=world.student.pk, actor_id=None).count() == 2
    for letter in mail.outbox:
        whole = str(letter.message())
        for private in (world.student.name, "Okafor", "Jamal", str(world.tutor), str(world.student.pk), "rent"):
            assert private not in whole


def test_who_leads_the_house_and_is_out_is_not_who_is_told() -> None:
    """Then the leaders of the school are."""
    world = scene()
    head = led(world, Role.HEAD_OF_HOUSE, "head", house=world.group.house)
    told = led(world, Role.ATTENDANCE_OFFICER, "told")
    led(world, Role.SENIOR_LEADER, "leader")
    visit = out(world, told, visitor=head)
    assert alarms.raise_alarms(visit.back_by + 16 * MINUTE) == 2
    assert sent() == [["told@school.example"], ["leader@school.example"]]


def test_nobody_is_told_of_a_visit_that_is_planned_back_cancelled_or_in_time() -> None:
    world = scene()
    told, now = led(world, Role.ATTENDANCE_OFFICER, "told"), timezone.now()
    out(world, told, out_at=None)
    out(world, told, out_at=None, cancelled=True)
    out(world, told, back_at=now)
    out(world, told, back_by=now + MINUTE)
    assert alarms.raise_alarms() == 0
    assert mail.outbox == []


def test_a_mail_server_that_says_no_is_asked_again_the_next_minute() -> None:
    world = scene()
    out(world, led(world, Role.ATTENDANCE_OFFICER, "told"))
    for error in (ConnectionRefusedError(), smtplib.SMTPServerDisconnected()):
        with mock.patch.object(EmailBackend, "send_messages", side_effect=error):
            assert alarms.raise_alarms() == 0
    assert alarms.raise_alarms() == 1
    assert len(mail.outbox) == 1


def test_an_alarm_in_the_hands_of_a_worker_that_dies_is_given_after_all() -> None:
    world = scene()
    visit = out(world, led(world, Role.ATTENDANCE_OFFICER, "told"))
    with mock.patch.object(EmailBackend, "send_messages", side_effect=SystemExit), pytest.raises(SystemExit):
        alarms.raise_alarms()
    assert alarms.raise_alarms() == 0, "another worker has it, as far as anybody knows"
    assert alarms.raise_alarms(timezone.now() + 3 * MINUTE) == 1
    assert len(mail.outbox) == 1
    assert HomeVisit.objects.get(pk=visit.pk).told_at


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail() -> None:
    world = scene()
    out(world, led(world, Role.ATTENDANCE_OFFICER, "told"))
    # Both have found it before either takes it.
    assert two_at_once(alarms.raise_alarms, meet_at=(alarms, "_raise")) == [0, 1]
    assert len(mail.outbox) == 1
