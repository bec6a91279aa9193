"""What to do with a worry: today's leads by name, the same page for everybody, nothing of any student."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


def _page(client: Client, query: str = "") -> str:
    response = client.get(reverse("safeguarding:raise-concern") + query)
    assert response.status_code == 200
    return response.content.decode()


def test_everybody_finds_the_lead_first_then_the_deputies(client: Client) -> None:
    make.person(Role.DEPUTY_DSL, last_name="Abbot", email="abbot@northgate.example")
    make.person(Role.DSL, last_name="Zeller", email="zeller@northgate.example")
    left = make.person(Role.DSL, last_name="Gone")
    left.memberships.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    make.person(Role.DSL, last_name="Faraway", school=make.SchoolFactory.create(name="Elsewhere"))
    client.force_login(make.person(Role.CONTRIBUTOR))
    page = _page(client)
    assert page.index("Ms Zeller") < page.index("Ms Abbot")
    assert "zeller@northgate.example" in page
    assert "999" in page
    assert "Gone" not in page
    assert "Faraway" not in page


def test_a_student_in_the_address_changes_nothing(client: Client) -> None:
    student = make.student_in(make.TutorGroupFactory.create(), legal_forename="Quentin")
    client.force_login(make.person(Role.HEADTEACHER))
    page = _page(client, f"?student={student.pk}")
    assert str(student.pk) not in page
    assert "Quentin" not in page


def test_a_school_without_a_lead_is_told_so(client: Client) -> None:
    client.force_login(make.person(Role.TUTOR))
    assert "Nobody is entered as designated safeguarding lead" in _page(client)
