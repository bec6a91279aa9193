"""A week and the calendar feed hold what is no appointment too: weekly tutorials, home visits, next meetings."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from tests import factories as make
from tests.diary.scenes import TODAY, TUESDAY, Scene, scene
from tests.diary.test_calendar_feed import events_in
from tests.sessions.pages import client_of
from tutoring.diary.models import CalendarLink
from tutoring.sessions.enums import Confidentiality, Kind
from tutoring.tutorials.models import Series

pytestmark = pytest.mark.django_db
WEEK = "/diary/?week=2026-W48"
FRIDAY = dt.date(2026, 11, 27)


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(8), dt.UTC), tick=False):
        yield


@pytest.fixture
def here() -> Scene:
    return scene()


def weekly(here: Scene, **fields: Any) -> Series:
    usual = {"group": here.group, "made_by": here.tutor, "weekday": 1, "period": "08.50 to 09.10", "room": "Hall"}
    dates = {"starts_on": TODAY, "ends_on": TODAY + dt.timedelta(days=13)}
    return make.TutorialFactory.create(**usual | dates | fields)


def week_of(user: Any, staff: Any = None) -> str:
    """The days of the page, without the side bar."""
    address = f"{WEEK}&staff={staff.pk}" if staff else WEEK
    return client_of(user).get(address).content.decode().partition("<main")[2]


def feed_of(user: Any) -> list[dict[str, str]]:
    CalendarLink.objects.filter(user=user).delete()
    return events_in(Client().get(reverse("diary:calendar-feed", args=[make.calendar_token(user)])).content)


def test_the_weekly_tutorial_of_ones_group_stands_in_the_week_and_the_feed(here: Scene) -> None:
    series = weekly(here)
    page = week_of(here.tutor)
    assert reverse("tutorials:meeting-write", args=[series.pk, "2026-11-24"]) in page
    assert page.index('<time datetime="2026-11-24T08:50">') < page.index("Group tutorial")
    assert here.group.name in page
    first, second = feed_of(here.tutor)
    assert (first["DTSTART"], second["DTSTART"]) == ("20261124T085000Z", "20261201T085000Z")
    assert first["SUMMARY"] == "Group tutorial\\, Hall"
    assert first["UID"] == f"{series.key_of(TUESDAY)}@waymark"
    assert first["URL"] == "http://testserver/diary/?week=2026-W48"
    other = make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="10FRY"))
    assert "Group tutorial" not in week_of(other)
    assert feed_of(other) == []


def test_a_tutorial_meets_on_school_days_and_not_where_it_was_called_off(here: Scene) -> None:
    weekly(here, weekday=4, period="Period 1", room="")
    fridays = weekly(here, weekday=2, period="Period 2", room="")
    make.MeetingFactory.create(series=fridays, day=dt.date(2026, 11, 25), own_topic="", not_held="Assembly")
    events = feed_of(here.tutor)
    assert [(event["DTSTART;VALUE=DATE"], event["SUMMARY"]) for event in events] == [
        ("20261202", "Group tutorial\\, Period 2"), ("20261204", "Group tutorial\\, Period 1")
    ]  # fmt: skip
    assert "Group tutorial" not in week_of(here.tutor), "closed on Friday, called off on Wednesday"


def test_a_tutorial_written_up_is_done_and_leads_to_what_was_covered(here: Scene) -> None:
    meeting = make.MeetingFactory.create(series=weekly(here, weekday=0), day=TODAY)
    page = week_of(here.tutor)
    assert reverse("tutorials:meeting-detail", args=[meeting.pk]) in page
    assert "✓ Held" in page


def test_home_visits_stand_in_the_week_of_whoever_goes(here: Scene) -> None:
    leaves = timezone.make_aware(dt.datetime.combine(TUESDAY, dt.time(15, 30)))
    when = {"leaves_at": leaves, "back_by": leaves + dt.timedelta(minutes=50), "student": here.student}
    friend = make.person(Role.HEAD_OF_HOUSE, house=here.group.house)
    visit = make.HomeVisitFactory.create(visitor=here.tutor, companion=friend, **when)
    make.HomeVisitFactory.create(visitor=here.tutor, **when | {"cancelled": True})
    make.HomeVisitFactory.create(visitor=make.person(Role.TUTOR, group=here.group), **when)
    for user in (here.tutor, friend):
        page = week_of(user)
        assert page.count("Home visit") == 1
        assert reverse("visits:visit-detail", args=[visit.pk]) in page
        assert "Jamal Okafor" in page
        (event,) = feed_of(user)
        assert (event["SUMMARY"], event["DTSTART"], event["DTEND"]) == (
            "Home visit", "20261124T153000Z", "20261124T162000Z"
        )  # fmt: skip
        assert "Okafor" not in str(event)


def test_who_no_longer_sees_the_student_has_the_visit_without_a_name(here: Scene) -> None:
    stranger = make.student_in(make.TutorGroupFactory.create(name="10FRY", house=make.HouseFactory.create()))
    leaves = timezone.make_aware(dt.datetime.combine(TUESDAY, dt.time(15, 30)))
    make.HomeVisitFactory.create(
        visitor=here.tutor, student=stranger, leaves_at=leaves, back_by=leaves + dt.timedelta(hours=1)
    )
    page = week_of(here.tutor)
    assert "Home visit" in page
    assert stranger.preferred_surname not in page


def met(here: Scene, **fields: Any) -> Any:
    talk = {
        "student": here.student,
        "author": here.tutor,
        "kind": Kind.AGENCY,
        "held_on": TODAY - dt.timedelta(days=30),
    }
    return make.MeetingRecordFactory.create(session=make.TutorSessionFactory.create(**talk | fields), next_on=TUESDAY)


def test_the_next_meeting_stands_on_its_day_until_it_was_held(here: Scene) -> None:
    meeting = met(here)
    page = week_of(here.tutor)
    assert reverse("tutor_sessions:session-detail", args=[meeting.session_id]) in page
    assert "Agency meeting" in page
    assert "Jamal Okafor" in page
    (event,) = feed_of(here.tutor)
    assert (event["SUMMARY"], event["DTSTART;VALUE=DATE"]) == ("Agency meeting", "20261124")
    assert "Okafor" not in str(event)
    later = make.TutorSessionFactory.create(
        student=here.student, author=here.tutor, kind=Kind.AGENCY, held_on=TODAY - dt.timedelta(days=1)
    )
    make.MeetingRecordFactory.create(session=later)
    assert "Agency meeting" not in week_of(here.tutor)
    assert feed_of(here.tutor) == []


@pytest.mark.parametrize("level", [Confidentiality.TEAM, Confidentiality.NAMED])
def test_a_colleague_reads_of_a_week_what_they_may_read_of_its_meetings(here: Scene, level: Confidentiality) -> None:
    make.AppointmentFactory.create(student=here.student, staff=here.tutor, day=TUESDAY)
    met(here, confidentiality=level)
    head = make.person(Role.HEAD_OF_HOUSE, house=here.group.house)
    page = week_of(head, here.tutor)
    assert "Jamal Okafor" in page
    assert ("Agency meeting" in page) == (level == Confidentiality.TEAM)
    assert "Agency meeting" not in week_of(head), "it is not theirs"


def test_without_slots_the_week_shows_what_there_is_and_asks_for_times(here: Scene) -> None:
    weekly(here)
    page = week_of(here.tutor)
    assert "Group tutorial" in page
    assert "Say when you have time" in page
