"""The statements of the busiest pages ask guard once each, never once a row, as their plans show."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.lock.machine import settle
from tests.lock.plans import calls_in, plan_of
from tutoring.attendance.models import Mark
from tutoring.groups.models import GroupMembership
from tutoring.sessions.models import TutorSession

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]
GROUPS, IN_GROUP = 8, 25
BARE = "guard.sees_all('students.view_student') OR id IN (SELECT guard.students_seen('students.view_student'))"
CORRELATED = "id = (SELECT s FROM guard.students_seen('students.view_student') AS s WHERE s = id)"


@pytest.fixture
def people() -> dict[Role, User]:
    """A tutor, a head of house and a headteacher in a school of 200, large enough that plans are those of a school."""
    school = make.SchoolFactory.create()
    today, day = timezone.localdate(), dt.timedelta(days=1)
    make.TermFactory.create(
        school=school, starts_on=today - 60 * day, ends_on=today + 30 * day, break_starts_on=None, break_ends_on=None
    )
    houses = [make.HouseFactory.create(school=school, name=name) for name in ("Becket", "Curie")]
    groups = [
        make.TutorGroupFactory.create(school=school, house=houses[n % 2], name=f"11{n}", year_group=11)
        for n in range(GROUPS)
    ]
    tutor = make.person(Role.TUTOR, group=groups[0])
    for group in groups:
        _fill(group, tutor, today)
    settle()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {
        Role.TUTOR: tutor,
        Role.HEAD_OF_HOUSE: make.person(Role.HEAD_OF_HOUSE, house=houses[0]),
        Role.HEADTEACHER: make.person(Role.HEADTEACHER),
    }


def _fill(group: Any, tutor: User, today: dt.date) -> None:
    about = {"school": group.school, "house": group.house, "year_group": group.year_group}
    students = [make.StudentFactory.build(**about) for _ in range(IN_GROUP)]
    Student.objects.bulk_create(students)
    GroupMembership.objects.bulk_create(
        GroupMembership(student=student, group=group, starts_on=make.LONG_AGO) for student in students
    )
    days = [today - dt.timedelta(days=n) for n in range(1, 11)]
    Mark.objects.bulk_create(Mark(student=s, date=d, session="AM", code="/") for s in students for d in days)
    sessions = [make.TutorSessionFactory.build(student=s, author=tutor, held_on=d) for s in students for d in days[:3]]
    TutorSession.objects.bulk_create(sessions)
    for session in sessions[:10]:
        make.NextStepFactory.create(session=session)


def statements_of(user: User, pages: list[str]) -> list[str]:
    """What these pages ask of tables, each statement once."""
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        for page in pages:
            assert client.get(page).status_code == 200, page
    asked = dict.fromkeys(query["sql"] for query in captured.captured_queries)
    return [sql for sql in asked if sql.startswith(("SELECT", "WITH", "(SELECT")) and " FROM " in sql]


def pages_for(user: User, role: Role) -> list[str]:
    with acting_as(Actor(user_id=user.pk)):
        student = Student.objects.all()[0].pk
    names = ["desk:today", "desk:student-list", "tutor_sessions:session-list"]
    more = [] if role == Role.TUTOR else [reverse("reports:house-dashboard"), reverse("reports:student-rows")]
    about = [reverse(f"desk:student-{page}", args=[student]) for page in ("story", "attendance", "progress")]
    return [*map(reverse, names), *about, *more]


def asked_per_row(user: User, statements: list[str]) -> tuple[int, list[str]]:
    """Number of statements that ask guard at all, and the calls that are made once a row."""
    asking, slow = 0, []
    with acting_as(Actor(user_id=user.pk)):
        for sql in statements:
            calls = list(calls_in(plan_of(sql)))
            asking += bool(calls)
            slow += [f"{call.step} ({call.loops:g}x): {call.text} in {sql[:200]}" for call in calls if call.is_per_row]
    return asking, slow


@pytest.mark.parametrize("role", [Role.TUTOR, Role.HEAD_OF_HOUSE, Role.HEADTEACHER])
def test_guard_is_asked_once_a_statement(role: Role, people: dict[Role, User]) -> None:
    user = people[role]
    asking, slow = asked_per_row(user, statements_of(user, pages_for(user, role)))
    print(f"{asking} statements ask guard")
    assert (slow, asking >= 10) == ([], True)


@pytest.mark.parametrize("condition", [BARE, CORRELATED])
def test_a_policy_that_asks_for_each_row_is_noticed(condition: str, people: dict[Role, User]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER POLICY may_select ON students_student USING ({condition})")
    _, slow = asked_per_row(people[Role.TUTOR], ["SELECT count(*) FROM students_student"])
    assert slow != []
