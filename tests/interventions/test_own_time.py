"""Meetings of interventions on My time (duty 21): once each, those one logged oneself, and nobody else's."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from tests import factories as make
from tests.interventions.test_interventions import logged, running
from tests.sessions.pages import client_of, scene
from tests.sessions.test_own_time import time_of
from tutoring.interventions.models import Helper, Intervention
from tutoring.sessions.own_time import WITH_STUDENTS

pytestmark = pytest.mark.django_db


def kinds_of(user: User) -> list[tuple[str, int, int]]:
    return [(kind.name, len(kind.held), kind.minutes) for kind in time_of(Client(), user)[0].kinds]


def test_a_meeting_counts_once_for_whoever_logged_it() -> None:
    """Duty 21: twenty minutes with two students are twenty minutes, with students; of a colleague's meeting none."""
    world, helper = scene(), make.person(Role.TUTOR)
    made = running(world)
    make.HelperFactory.create(intervention=made, user=helper)
    assert logged(client_of(world.tutor), made).status_code == 302
    make.SittingFactory.create(intervention=made, by=helper, minutes=45)
    assert kinds_of(world.tutor) == [("Intervention meeting", 1, 20)]
    assert kinds_of(helper) == [("Intervention meeting", 1, 45)]
    assert [s.name for s in time_of(Client(), world.tutor)[0].sorts if s.minutes] == [WITH_STUDENTS]


def test_what_one_runs_no_more_still_counts_and_other_terms_do_not() -> None:
    """Duty 21: the time was spent, whoever runs it now."""
    world, helper = scene(), make.person(Role.TUTOR)
    made = running(world)
    make.HelperFactory.create(intervention=made, user=helper)
    make.SittingFactory.create(intervention=made, by=helper, minutes=45)
    make.SittingFactory.create(intervention=made, by=helper, held_on=timezone.localdate() - dt.timedelta(days=70))
    Helper.objects.all().delete()
    Intervention.objects.update(closed_on=timezone.localdate(), decision="stop")
    assert kinds_of(helper) == [("Intervention meeting", 1, 45)]
