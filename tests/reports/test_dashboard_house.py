"""The dashboard of a house: its numbers are the lengths of the lists they open, within what one answers for."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import House, School, User
from accounts.permissions import Permission, roles_with
from reports.dashboards.conditions import CONDITIONS, rows_of
from reports.dashboards.facts import facts_of, moment_of
from reports.dashboards.scope import scope_of
from students.models import Student
from tests.factories import NextStepFactory, TutorSessionFactory, person, student_in
from tests.reports.population import TODAY, populated
from tutoring.groups.models import TutorGroup
from tutoring.sessions.enums import Confidentiality

pytestmark = pytest.mark.django_db
PAGE = "reports:house-dashboard"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[School]:
    with populated(django_db_blocker, seed=1) as school:
        yield school


@pytest.fixture
def school(made: School) -> School:
    return School.objects.get(pk=made.pk)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def head_of(name: str) -> User:
    return person(Role.HEAD_OF_HOUSE, house=House.objects.get(name=name))


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def number_in_heading(page: str) -> int:
    found = re.search(r'<p class="lede">.*?<b>(\d+)</b>', page, re.S)
    assert found
    return int(found[1])


def test_the_numbers_of_the_strip_are_those_of_the_table_added_up(school: School) -> None:
    head = head_of("Becket")
    facts = facts_of(scope_of(head, {}).students, moment_of(school), head)
    for key in ("seen", "unseen", "persistent", "overdue", "no-comment"):
        by_group = {f.group_id: [] for f in facts}
        for f in facts:
            by_group[f.group_id].append(f)
        assert len(rows_of(CONDITIONS[key], facts)) == sum(len(rows_of(CONDITIONS[key], g)) for g in by_group.values())


def test_a_head_of_house_sees_the_house_and_nobody_else(school: School) -> None:
    client = signed_in(head_of("Becket"))
    page = text_of(client, reverse(PAGE))
    assert "<h1>Becket dashboard</h1>" in page
    assert "10BEC" in page
    assert "10FRY" not in page
    other = House.objects.get(name="Fry")
    rows = text_of(client, f"{reverse('reports:student-rows')}?show=all&house={other.pk}")
    assert number_in_heading(rows) == Student.objects.filter(house__name="Becket").count(), (
        "a foreign house is left out"
    )
    foreign_group = TutorGroup.objects.get(name="11FRY")
    rows = text_of(client, f"{reverse('reports:student-rows')}?show=all&group={foreign_group.pk}")
    assert number_in_heading(rows) == 0


def test_groups_stand_by_year_and_name_not_by_figure(school: School) -> None:
    page = text_of(signed_in(person(Role.DSL)), f"{reverse(PAGE)}?year=10")
    assert [page.index(name) for name in ("10BEC", "10FRY")] == sorted(page.index(name) for name in ("10BEC", "10FRY"))
    assert "Tutor10BEC" in page


def test_a_private_session_counts_as_seen_and_nothing_else_of_it_shows(school: School) -> None:
    group = TutorGroup.objects.get(name="11BEC")
    student = student_in(group, preferred_surname="Quiet")
    session = TutorSessionFactory.create(
        student=student,
        held_on=TODAY - dt.timedelta(days=9),
        confidentiality=Confidentiality.NAMED,
        happened="Secret words",
    )
    NextStepFactory.create(session=session, text="Secret step", due_on=TODAY - dt.timedelta(days=2))
    client = signed_in(head_of("Becket"))
    rows = {
        show: text_of(client, f"{reverse('reports:student-rows')}?show={show}&group={group.pk}")
        for show in ("seen", "overdue")
    }
    assert "Quiet" in rows["seen"]
    assert "Quiet" not in rows["overdue"]
    assert "Secret" not in rows["seen"] + rows["overdue"] + text_of(client, reverse(PAGE))


def test_whole_school_first_then_a_house(school: School) -> None:
    client = signed_in(person(Role.HEADTEACHER))
    page = text_of(client, reverse(PAGE))
    assert "School dashboard" in page
    assert "By house" in page
    assert "By year" in page
    house = House.objects.get(name="Fry")
    page = text_of(client, f"{reverse(PAGE)}?house={house.pk}")
    assert "<h1>Fry dashboard</h1>" in page
    assert "By tutor group" in page


def test_leavers_are_not_counted(school: School) -> None:
    Student.objects.filter(house__name="Becket", year_group=10).update(left_on=TODAY - dt.timedelta(days=1))
    page = text_of(signed_in(head_of("Becket")), reverse(PAGE))
    assert "10BEC" not in page


def test_the_dashboard_reads_its_facts_in_at_most_ten_queries(school: School, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    head = head_of("Becket")
    _ = head.current_memberships, head.school
    with django_assert_max_num_queries(10):
        facts_of(scope_of(head, {}).students, moment_of(school), head)


def test_an_unknown_list_is_no_page(school: School) -> None:
    assert signed_in(head_of("Becket")).get(f"{reverse('reports:student-rows')}?show=ranking").status_code == 404


def test_a_tutor_has_no_dashboard(school: School) -> None:
    assert signed_in(person(Role.TUTOR)).get(reverse(PAGE)).status_code == 403


def test_who_opens_a_dashboard_may_know_what_stands_on_it() -> None:
    """The page checks one permission; it is only right while everybody who holds it holds the others too."""
    readers = roles_with(Permission.VIEW_DASHBOARD)
    for needed in (
        Permission.VIEW_STUDENT,
        Permission.VIEW_ATTENDANCE,
        Permission.VIEW_SESSION,
        Permission.VIEW_TEAM_SESSION,
        Permission.VIEW_PLAN,
        Permission.VIEW_PROGRESS,
    ):
        assert readers <= roles_with(needed)


def test_no_term_yet_is_said(school: School) -> None:
    school.terms.all().delete()
    assert "has no term yet" in text_of(signed_in(head_of("Becket")), reverse(PAGE))


@pytest.mark.parametrize(("days", "new"), [(0, False), (1, True), (7, True), (8, False), (16, False)])
def test_a_step_is_new_only_if_it_was_not_overdue_a_week_ago(school: School, days: int, new: bool) -> None:
    group = TutorGroup.objects.get(name="11BEC")
    student = student_in(group, preferred_surname="Newly")
    session = TutorSessionFactory.create(student=student, held_on=TODAY - dt.timedelta(days=20))
    NextStepFactory.create(session=session, due_on=TODAY - dt.timedelta(days=days))
    client = signed_in(head_of("Becket"))
    assert ("Newly" in text_of(client, f"{reverse('reports:student-rows')}?show=new&group={group.pk}")) is new


def test_what_new_means_is_said_beside_the_numbers(school: School) -> None:
    assert "whose day passed within the last seven days" in text_of(signed_in(head_of("Becket")), reverse(PAGE))
