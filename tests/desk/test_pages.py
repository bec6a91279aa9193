"""Every desk page answers for every role that may open it."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from tests import factories as make

PAGES = ["story", "attendance", "progress", "behaviour", "family", "support"]


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_today_and_the_list_answer_everybody(client: Client, role: Role) -> None:
    house = make.HouseFactory.create()
    group = make.TutorGroupFactory.create(house=house)
    student = make.student_in(group)
    make.MarkFactory.create(student=student)
    client.force_login(make.person(role, group=group, house=house, year_group=11))
    for name in ("today", "student-list", "find", "priority-order"):
        assert client.get(reverse(f"desk:{name}")).status_code == 200, name
    opened = {
        name for name in PAGES if client.get(reverse(f"desk:student-{name}", args=[student.pk])).status_code == 200
    }
    assert "story" in opened
    if role == Role.CONTRIBUTOR:
        assert opened == {"story"}
