"""Before each joined and since (duties 29 and 30): the figures of plans' evidence, and of under five no summary."""

import datetime as dt

import pytest
from django.urls import reverse

from core.acting import Actor, acting_as
from tests import factories as make
from tests.plans.test_evidence import MONDAY, WEEK, mark_week
from tests.sessions.pages import Scene, client_of, scene
from tutoring.interventions.impact import Impact, impact_of
from tutoring.interventions.models import Intervention
from tutoring.interventions.selectors import members_of

pytestmark = pytest.mark.django_db


def joined(world: Scene, it: Intervention, absent: int, *, first: dt.date = MONDAY) -> None:
    """Two weeks before with six sessions missed and none late; two since with `absent` missed and one late."""
    student = make.student_in(world.group)
    mark_week(student, first - 2 * WEEK, "O" * 6 + "/\\" * 2)
    mark_week(student, first - WEEK, "/\\" * 5)
    mark_week(student, first, ("O" * absent + "L" + "/\\" * 5)[:10])
    mark_week(student, first + WEEK, "/\\" * 5)
    make.BehaviourEventFactory.create(student=student, date=first + dt.timedelta(days=3), kind="positive")
    make.MemberFactory.create(intervention=it, student=student, starts_on=first, entry=absent, exit=absent * 2)


def told(world: Scene, it: Intervention) -> Impact:
    with acting_as(Actor(user_id=world.tutor.pk)):
        return impact_of(it, list(members_of(it)), world.student.school)


def test_five_have_a_middle_and_four_have_none() -> None:
    """By hand: since less before is −6, −6, −4, −3 and −1 missed, so −4; one more late, one more reward each."""
    world = scene()
    it = make.InterventionFactory.create(lead=world.tutor, starts_on=MONDAY, ends_on=MONDAY + 2 * WEEK, measure="Age")
    for absent in (0, 0, 2, 3):
        joined(world, it, absent)
    page = reverse("interventions:detail", args=[it.pk])
    assert (told(world, it).middle, told(world, it).measured) == (None, None)
    assert "Fewer than five can be compared" in client_of(world.tutor).get(page).content.decode()
    joined(world, it, 5)
    found = told(world, it)
    assert found.middle
    assert (found.middle.compared, found.middle.absent, found.middle.late) == (5, -4, 1)
    assert (found.middle.sanctions, found.middle.rewards, found.measured) == (0, 1, 2.0)
    shown = client_of(world.tutor).get(page).content.decode()
    assert "6 of 20 → 2 of 20" in shown
    assert "4 fewer" in shown
    assert "come back towards the middle by themselves" in shown


def test_each_is_counted_from_the_day_they_joined_and_not_past_the_end() -> None:
    world = scene()
    it = make.InterventionFactory.create(lead=world.tutor, starts_on=MONDAY, ends_on=MONDAY + 2 * WEEK)
    joined(world, it, 1, first=MONDAY + WEEK)
    [row] = told(world, it).rows
    assert row.evidence.weeks == 1, "its second week since lies after the end"
    assert not row.evidence.is_enough
