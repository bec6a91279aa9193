"""The private calendar feed (duty 10): what it says, what it never says, and when it says nothing at all."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from accounts.enums import Role
from accounts.models import Membership, User
from core.limits import CALENDAR_READS
from tests import factories as make
from tests.diary.scenes import TODAY, TUESDAY, Scene, scene
from tutoring.diary.enums import State
from tutoring.diary.ics import escaped, folded
from tutoring.diary.models import CalendarLink

pytestmark = pytest.mark.django_db
PAGE = "/diary/calendar/"


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(8), dt.UTC), tick=False):
        yield


@pytest.fixture
def here() -> Scene:
    return scene()


def address(user: User) -> str:
    """The link as its page shows it, this once."""
    client = Client()
    client.force_login(user)
    shown = client.post(PAGE, {"do": "make"}).content.decode()
    link = shown.partition('class="address">')[2].partition("<")[0]
    assert "/diary/feed/" not in client.get(PAGE).content.decode(), "it is shown once"
    return link.removeprefix("http://testserver")


def unfolded(body: bytes) -> list[str]:
    """The content lines (RFC 5545, 3.1), each octet line checked on the way."""
    assert body.endswith(b"\r\n")
    lines = body.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    return b"\r\n".join(lines).replace(b"\r\n ", b"").decode().split("\r\n")


def events_in(body: bytes) -> list[dict[str, str]]:
    """The events, read back line by line."""
    lines = unfolded(body)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "VERSION:2.0" in lines
    events: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and line != "END:VEVENT":
            assert name not in events[-1]
            events[-1][name] = value
    return events


def test_it_says_when_and_where_and_never_with_whom(here: Scene) -> None:
    """Summer time ends between the two: 08:40 is 07:40 in UTC in October and 08:40 in November."""
    here.student.preferred_surname = "Żółć-Okafor"
    here.student.save()
    in_november = make.AppointmentFactory.create(
        student=here.student, staff=here.tutor, day=TUESDAY, starts_at=dt.time(8, 40), room="Room 4; by the stairs"
    )
    body = Client().get(address(here.tutor))
    assert body["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = events_in(body.content)
    assert event["UID"] == f"{in_november.pk}@waymark"
    assert (event["DTSTART"], event["DTEND"]) == ("20261124T084000Z", "20261124T085500Z")
    assert event["DTSTAMP"] == "20261123T080000Z"
    assert event["SUMMARY"] == "1:1\\, Room 4\\; by the stairs"
    assert event["URL"] == "http://testserver/diary/?week=2026-W48"
    for word in (here.student.preferred_forename, "Okafor", "Żółć", here.student.legal_surname, str(here.student.pk)):
        assert word.encode() not in body.content


def test_summer_time(here: Scene) -> None:
    day = dt.date(2026, 10, 20)
    make.AppointmentFactory.create(student=here.student, staff=here.tutor, day=day, starts_at=dt.time(8, 40))
    with time_machine.travel("2026-10-19 08:00:00+00:00", tick=False):
        (event,) = events_in(Client().get(address(here.tutor)).content)
    assert event["DTSTART"] == "20261020T074000Z"


def test_a_week_back_and_sixty_days_on(here: Scene) -> None:
    for offset, state in ((-8, State.BOOKED), (-7, State.BOOKED), (60, State.BOOKED), (61, State.BOOKED),
                          (1, State.CANCELLED), (-1, State.MISSED)):  # fmt: skip
        day = TODAY + dt.timedelta(days=offset)
        reason = "" if state == State.BOOKED else "Covering"
        make.AppointmentFactory.create(student=here.student, staff=here.tutor, day=day, state=state, reason=reason)
    make.AppointmentFactory.create(student=here.student, staff=make.person(Role.TUTOR, group=here.group))
    starts = [event["DTSTART"][:8] for event in events_in(Client().get(address(here.tutor)).content)]
    assert starts == ["20261116", "20270122"]


def test_a_renewed_link_ends_the_old_one_and_off_is_off(here: Scene) -> None:
    first, second = address(here.tutor), address(here.tutor)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert CalendarLink.objects.get().token_hash not in second
    client = Client()
    client.force_login(here.tutor)
    client.post(PAGE, {"do": "remove"})
    assert Client().get(second).status_code == 404


def test_a_leaver_and_somebody_switched_off(here: Scene) -> None:
    link = address(here.tutor)
    Membership.objects.filter(user=here.tutor).update(ends_on=TODAY - dt.timedelta(days=1))
    assert Client().get(link).status_code == 404
    Membership.objects.filter(user=here.tutor).update(ends_on=None)
    User.objects.filter(pk=here.tutor.pk).update(is_active=False)
    assert Client().get(link).status_code == 404


def test_it_is_the_owner_s_whoever_is_signed_in(here: Scene) -> None:
    """And what the owner no longer sees is not in it: a student who went to another tutor."""
    make.AppointmentFactory.create(student=here.student, staff=here.tutor)
    link = address(here.tutor)
    client = Client()
    client.force_login(make.person(Role.HEADTEACHER, school=here.group.school))
    assert len(events_in(client.get(link).content)) == 1
    here.student.group_memberships.update(ends_on=TODAY - dt.timedelta(days=1))
    assert events_in(client.get(link).content) == []


def test_one_link_is_not_asked_without_end(here: Scene) -> None:
    link, client = address(here.tutor), Client()
    answers = {client.get(link).status_code for _ in range(CALENDAR_READS.most)}
    assert answers == {200}
    assert client.get(link).status_code == 429


def test_no_character_is_cut_in_two() -> None:
    line = "SUMMARY:" + escaped("Zażółć gęślą jaźń; " * 12 + "\r\nEND:VEVENT")
    parts = list(folded(line))
    assert max(len(part.encode()) for part in parts) <= 75
    assert parts[0] + "".join(part.removeprefix(" ") for part in parts[1:]) == line
    assert "\r" not in line
    assert "\n" not in line
