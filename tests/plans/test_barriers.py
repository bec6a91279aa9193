"""What can be in the way: the common list, and one of the school's own (duty 22, needs)."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from tests import factories as make
from tests.plans.pages import plan_of
from tests.sessions.pages import client_of, scene
from tutoring.plans.models import Barrier
from tutoring.plans.selectors import barriers_offered

pytestmark = pytest.mark.django_db


def test_a_school_keeps_a_list_of_its_own_and_old_plans_keep_their_words() -> None:
    world = scene()
    head, school = make.person(Role.HEADTEACHER), world.student.school
    common = Barrier.objects.filter(school=None)
    plan = plan_of(world)
    make.PlanBarrierFactory.create(plan=plan, barrier=common.get(name="Worry"))
    client, url = client_of(head), reverse("plans:barrier-list")
    assert "Keep a list of our own" in client.get(url).content.decode()
    bus = {"name": "The 47 bus", "area": "attendance", "position": "40", "is_active": "on"}
    for name, status in (("worry", 200), ("The 47 bus", 302), ("the 47 BUS", 200)):
        assert client.post(reverse("plans:barrier-create"), bus | {"name": name}).status_code == status
    assert Barrier.objects.filter(school=school).count() == common.count() + 1
    own = Barrier.objects.get(school=school, name="Worry")
    edit = reverse("plans:barrier-edit", args=[own.pk])
    assert client.post(edit, {"name": "Worrying", "area": "emotional", "position": "3"}).status_code == 302
    assert client.get(reverse("plans:barrier-edit", args=[common.first().pk])).status_code == 404
    own.refresh_from_db()
    assert (own.name, own.is_active) == ("Worrying", False)
    names = [barrier.name for barrier in barriers_offered(school)]
    assert "The 47 bus" in names
    assert "Worrying" not in names
    assert [barrier.name for barrier in plan.barriers.all()] == ["Worry"]


def test_a_list_is_made_ones_own_once() -> None:
    world = scene()
    client = client_of(make.person(Role.DATA_MANAGER))
    for _ in range(2):
        client.post(reverse("plans:barrier-keep"))
    assert Barrier.objects.filter(school=world.student.school).count() == Barrier.objects.filter(school=None).count()
