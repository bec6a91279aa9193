"""My time: one's own minutes by kind and week, beside two hours a week; nobody else's, and nobody sees it (duty 21)."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from tests import factories as make
from tutoring.groups.models import GroupMembership, TutorAssignment
from tutoring.sessions.enums import Kind
from tutoring.sessions.own_time import PLANNING, WITH_FAMILIES, WITH_STUDENTS, TermTime, in_hours

pytestmark = pytest.mark.django_db
PAGE, QUERIES = "tutor_sessions:own-time", 10


@pytest.fixture
def tutor() -> User:
    today, week = timezone.localdate(), dt.timedelta(weeks=1)
    monday = today - dt.timedelta(days=today.weekday())
    plain = {"break_starts_on": None, "break_ends_on": None}
    make.TermFactory.create(year=2025, name="SUM", starts_on=monday - 20 * week, ends_on=monday - 10 * week, **plain)
    make.TermFactory.create(starts_on=monday - 3 * week, ends_on=monday + 6 * week, **plain)
    group = make.TutorGroupFactory.create()
    make.student_in(group)
    make.student_in(group)
    return make.person(Role.TUTOR, group=group)


def log(by: User, minutes: int | None, kind: Kind = Kind.ONE_TO_ONE, *, weeks: int = 0, **more: object) -> None:
    student = GroupMembership.objects.order_by("pk")[0].student
    day = timezone.localdate() - dt.timedelta(weeks=weeks)
    make.TutorSessionFactory.create(
        **{"student": student, "author": by, "minutes": minutes, "kind": kind, "held_on": day} | more
    )


def time_of(client: Client, user: User) -> list[TermTime]:
    client.force_login(user)
    terms: list[TermTime] = client.get(reverse(PAGE)).context["terms"]
    return terms


def test_minutes_by_sort_kind_and_week_of_two_terms(tutor: User, client: Client) -> None:
    """Duty 21: what the time with students takes, and apart from it families, planning and meetings."""
    log(tutor, 20)
    log(tutor, 40, weeks=1)
    log(tutor, None)
    log(tutor, 15, Kind.CALL_HOME)
    log(tutor, 45, Kind.MEETING, weeks=1)
    log(tutor, 30, weeks=12)
    now, before = time_of(client, tutor)
    assert [(s.name, s.minutes) for s in now.sorts] == [(WITH_STUDENTS, 60), (WITH_FAMILIES, 15), (PLANNING, 45)]
    assert (now.unsaid, now.beside.minutes, now.school_weeks, now.allowance) == (1, 60, 4, "8 h")
    assert now.beside_a_week == "15 min"
    assert [[cell.minutes for cell in week.cells] for week in now.weeks] == [[20, 15, 0], [40, 0, 45], [0] * 3, [0] * 3]
    assert {kind.name: kind.minutes for kind in now.kinds} == {"1:1": 60, "Call home": 15, "Meeting with staff": 45}
    assert (before.minutes, before.school_weeks) == (30, 11)


def test_a_meeting_with_several_counts_once(tutor: User, client: Client) -> None:
    """Duty 21: half an hour with a group of two is half an hour."""
    meeting = uuid.uuid4()
    for place in GroupMembership.objects.all():
        log(tutor, 30, Kind.SMALL_GROUP, together=meeting, student=place.student)
    assert time_of(client, tutor)[0].minutes == 30


def test_a_student_who_moved_on_still_counts(tutor: User, client: Client) -> None:
    """Duty 21: the time was spent, whoever tutors them now."""
    log(tutor, 20)
    TutorAssignment.objects.all().delete()
    assert time_of(client, tutor)[0].minutes == 20


@pytest.mark.parametrize("role", [Role.TUTOR, Role.HEAD_OF_HOUSE, Role.HEADTEACHER, Role.DATA_MANAGER])
def test_nobody_sees_anybody_elses(tutor: User, client: Client, role: Role) -> None:
    """Duty 21: no ranking of staff; whatever a colleague leads, and whatever they put into the address."""
    log(tutor, 37)
    assert time_of(client, tutor)[0].time == "37 min"
    group = TutorAssignment.objects.get().group
    scope = {Role.TUTOR: {"group": group}, Role.HEAD_OF_HOUSE: {"house": group.house}}.get(role, {})
    client.force_login(make.person(role, **scope))
    for query in ("", f"?user={tutor.pk}", f"?author={tutor.pk}", f"?whose=all&pk={tutor.pk}"):
        answer = client.get(reverse(PAGE) + query)
        assert answer.status_code == (403 if role == Role.DATA_MANAGER else 200)
        assert "37 min" not in answer.content.decode()
        assert tutor.last_name not in answer.content.decode().split("<main")[-1]


def test_its_cost_does_not_grow(tutor: User, client: Client) -> None:
    """Duty 21: a fixed number of statements."""
    client.force_login(tutor)
    found = []
    for number in (1, 6):
        for n in range(number):
            log(tutor, 10, weeks=n % 3)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(PAGE)).status_code == 200
        found.append(len(seen))
    assert found == [QUERIES, QUERIES]


def test_before_the_first_term_the_page_says_so(client: Client) -> None:
    client.force_login(make.person(Role.TUTOR))
    assert "No term has begun" in client.get(reverse(PAGE)).content.decode()


def test_minutes_in_words() -> None:
    assert [in_hours(n) for n in (0, 45, 120, 125)] == ["0 min", "45 min", "2 h", "2 h 5 min"]
