"""Home visits on My time (duty 21): from out to back, one's own alone, and once where the talk was logged too."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from tests import factories as make
from tests.sessions.pages import Scene, client_of, new_url, opened_form, scene
from tests.sessions.test_own_time import PAGE, time_of
from tutoring.groups.models import TutorAssignment
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionKind
from tutoring.sessions.own_time import WITH_FAMILIES
from tutoring.visits.models import HomeVisit
from tutoring.visits.views import log_url

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(dt.datetime.combine(timezone.localdate(), dt.time(12)))


def visited(world: Scene, took: int, **values: Any) -> HomeVisit:
    """The tutor was out for so many minutes."""
    back = NOON + dt.timedelta(minutes=took)
    given = {"student": world.student, "visitor": world.tutor, "leaves_at": NOON, "back_by": NOON, "out_at": NOON}
    given["back_by"] += dt.timedelta(hours=3)
    return make.HomeVisitFactory.create(**given | {"back_at": back} | values)


def log(world: Scene, minutes: int | None, by: User | None = None, **more: Any) -> None:
    given = {"student": world.student, "author": by or world.tutor, "minutes": minutes, "kind": Kind.HOME_VISIT}
    make.TutorSessionFactory.create(**given | {"held_on": timezone.localdate()} | more)


def minutes_of(user: User) -> list[int | None]:
    return sorted((one.minutes for one in time_of(Client(), user)[0].held), key=lambda n: n or 0)


def test_a_visit_counts_from_out_to_back_for_both_who_went() -> None:
    """Duty 21: with families, in the school's own word, for the visitor and whoever went along; not who was told."""
    world, mentor, told = scene(), make.person(Role.TUTOR), make.person(Role.TUTOR)
    visited(world, 50, companion=mentor, told=told)
    SessionKind.objects.filter(school=world.tutor.school, kind=Kind.HOME_VISIT).update(name="Round at theirs")
    term = time_of(Client(), world.tutor)[0]
    assert [(s.name, s.minutes) for s in term.sorts if s.minutes] == [(WITH_FAMILIES, 50)]
    assert [(kind.name, kind.minutes) for kind in term.kinds] == [("Round at theirs", 50)]
    assert (minutes_of(mentor), minutes_of(told)) == ([50], [])


def test_what_is_planned_cancelled_or_still_out_takes_no_time() -> None:
    """Duty 21: nobody knows yet how long it takes."""
    world = scene()
    visited(world, 50, back_at=None)
    visited(world, 50, back_at=None, out_at=None)
    visited(world, 50, back_at=None, out_at=None, cancelled=True)
    assert minutes_of(world.tutor) == []


def test_a_visit_logged_from_its_page_counts_once_as_the_conversation_says() -> None:
    """Duty 21: what somebody wrote down goes before what the timer says, which may have run on."""
    world = scene()
    visit, client = visited(world, 50), client_of(world.tutor)
    form = opened_form(client, log_url(visit), kind="home_visit", minutes="35", happened="At the door.")
    assert client.post(new_url(world.student), form).status_code == 302
    assert minutes_of(world.tutor) == [35]


@pytest.mark.parametrize(
    ("logged", "counted"),
    [
        ({}, [20]),
        ({"minutes": None}, [None]),
        ({"kind": Kind.CALL_HOME}, [20, 50]),
        ({"held_on": timezone.localdate() - dt.timedelta(days=1)}, [20, 50]),
    ],
)
def test_only_the_visit_it_tells_of_is_left_out(logged: dict[str, Any], counted: list[int | None]) -> None:
    """Duty 21: by kind and day; without minutes it is one of those that say none, and not two."""
    world = scene()
    visited(world, 50)
    log(world, **{"minutes": 20} | logged)
    assert minutes_of(world.tutor) == counted


def test_a_colleagues_words_another_student_and_a_second_visit_leave_it_standing() -> None:
    """Duty 21: each visit is left out for one conversation of one's own about that student."""
    world, mentor = scene(), make.person(Role.TUTOR)
    visited(world, 50, companion=mentor)
    log(world, 20, by=mentor)
    log(world, 5, student=world.classmate)
    assert (minutes_of(world.tutor), minutes_of(mentor)) == ([5, 50], [20])
    evening = NOON + dt.timedelta(hours=5)
    visited(world, 0, leaves_at=evening, out_at=evening, back_at=evening + dt.timedelta(minutes=40),
            back_by=evening + dt.timedelta(hours=1))  # fmt: skip
    log(world, 45)
    assert minutes_of(world.tutor) == [5, 40, 45]


def test_siblings_logged_together_and_a_student_who_moved_on() -> None:
    """Duty 21: one entry for both takes the place of the visit; and what one sees no more was spent all the same."""
    world, both = scene(), uuid.uuid4()
    visited(world, 50)
    for sibling in (world.student, world.classmate):
        log(world, 30, student=sibling, together=both)
    assert minutes_of(world.tutor) == [30]
    TutorAssignment.objects.all().delete()
    assert minutes_of(world.tutor) == [30]


def test_the_page_says_what_counts() -> None:
    """Duty 21: on the page itself."""
    world = scene()
    visited(world, 50)
    shown = client_of(world.tutor).get(reverse(PAGE)).content.decode()
    assert "50 min" in shown
    assert "A visit counts from out to back" in shown
