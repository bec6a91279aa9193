"""Duties 5, 8, 10: a line manager sees how far their people are, of whom they may read, and is told of some.

Reckoned by hand as in test_escalation: on Monday 30 November 58 school days are gone and 14 are left.
"""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import LineManager, User
from students.models import Student
from tests import factories as make
from tests.sessions.pages import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC), tick=False) as traveller:
        make.TermFactory.create()
        yield traveller


@pytest.fixture
def senco() -> User:
    return make.person(Role.SENCO)


def coach(manager: User, last: str = "Coach", number: int = 4, seen: int = 2) -> User:
    """A 1:1 tutor with so many single students, of whom so many were seen this term."""
    tutor = make.person(Role.ONE_TO_ONE_TUTOR, first_name="Noor", last_name=last)
    held = tutor.memberships.get()
    for place in range(number):
        entry = make.CaseloadEntryFactory.create(membership=held)
        if place < seen:
            make.TutorSessionFactory.create(student=entry.student, author=tutor, held_on=dt.date(2026, 10, 6))
    make.LineManagerFactory.create(person=tutor, manager=manager)
    return tutor


def rows(user: User) -> list[tuple[str, int, int]]:
    team = client_of(user).get(reverse("desk:team")).context["team"]
    return [(str(one.person), one.clock.seen, one.clock.entitled) for one in team]


def told(user: User, scope: str = "") -> list[str]:
    page = client_of(user).get("/", {"scope": scope}).context
    return [due.line.text for due in [*page["due"], *page["more_due"]] if due.line.kind == "team"]


def test_a_manager_sees_their_people_by_name_with_counts(senco: User) -> None:
    coach(senco, "Zed", seen=4)
    coach(senco, "Ash", seen=1)
    coach(make.person(Role.HEADTEACHER), "Elsewhere")
    group = make.TutorGroupFactory.create()
    tutor = make.person(Role.TUTOR, group=group, first_name="Bea", last_name="Quill")
    make.student_in(group)
    make.LineManagerFactory.create(person=tutor, manager=senco)
    assert rows(senco) == [("Noor Ash", 1, 4), ("Bea Quill", 0, 1), ("Noor Zed", 4, 4)]


def test_counted_are_only_those_whom_the_manager_may_read_by_role() -> None:
    """Decision 0016: a teacher who manages a 1:1 tutor learns nothing of their students."""
    teacher = make.person(Role.SUBJECT_TEACHER)
    tutor = coach(teacher)
    make.CaseloadEntryFactory.create(
        membership=teacher.memberships.get(), student=tutor.memberships.get().caseload.all()[0].student
    )
    assert client_of(teacher).get(reverse("desk:team")).status_code == 403
    assert told(teacher) == []
    head = make.person(Role.HEAD_OF_YEAR, year_group=9)
    make.LineManagerFactory.create(person=tutor, manager=head)
    Student.objects.update(year_group=10)
    one = tutor.memberships.get().caseload.order_by("pk")[0].student
    Student.objects.filter(pk=one.pk).update(year_group=9)
    assert rows(head) == [("Noor Coach", 1, 1)]


def test_a_deputy_of_the_manager_has_the_same(senco: User) -> None:
    coach(senco)
    deputy = make.cover_of(senco).user
    assert rows(deputy) == [("Noor Coach", 2, 4)]
    assert told(deputy, "all") == told(senco) != []
    assert told(deputy) == ["Noor Coach: how far they are with the term’s 1:1s"], "in the circle of another role"


def test_the_manager_of_a_tutor_without_a_group_is_told_at_the_end_of_term(
    senco: User, clock: time_machine.Traveller
) -> None:
    """2 of 4 seen: 2 × 14 / 58 is none more, so two will be missed."""
    tutor = coach(senco)
    assert told(senco) == ["Noor Coach: at this pace 2 of 4 will be missed by 18 December"]
    assert reverse("desk:team") in client_of(senco).get("/").content.decode()
    assert told(make.person(Role.SENCO)) == []
    LineManager.objects.update(ends_on=dt.date(2026, 11, 29))
    assert told(senco) == []
    LineManager.objects.update(ends_on=None)
    group = make.TutorGroupFactory.create()
    tied = make.TutorAssignmentFactory.create(
        membership=make.MembershipFactory.create(user=tutor, role=Role.TUTOR), group=group
    )
    assert told(senco) == []  # of a group whoever leads it is told
    tied.delete()
    clock.move_to(dt.datetime(2026, 10, 12, 9, tzinfo=dt.UTC))
    assert told(senco) == []


def queries(user: User, address: str) -> int:
    client = client_of(user)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_team_costs_the_same_for_one_and_for_six(senco: User) -> None:
    coach(senco)
    before = queries(senco, reverse("desk:team"))
    for place in range(5):
        coach(senco, f"More{place}")
    assert queries(senco, reverse("desk:team")) == before


def test_today_asks_nothing_more_for_the_team(senco: User) -> None:
    """Whom one manages comes with the one statement that is asked anyway, and the clock is the page's own."""
    make.student_in(make.TutorGroupFactory.create(name="9A"))
    before = queries(senco, "/")
    for place in range(3):
        coach(senco, f"Coach{place}")
    assert len(told(senco)) == 3
    assert queries(senco, "/") == before
    group = make.TutorGroupFactory.create()
    make.LineManagerFactory.create(person=make.person(Role.TUTOR, group=group), manager=senco)
    assert queries(senco, "/") == before
