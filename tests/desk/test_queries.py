"""The number of queries does not grow with the number of students."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from students.models import Student
from tests import factories as make
from tutoring.attendance.models import Mark
from tutoring.groups.models import TutorGroup

# Two of each are the beginning and the end of the request's transaction.
TODAY = 14
LIST = 9
FIND = 8  # two of them count it (core.limits)
STORY = 35  # two of them say on the record that the student’s own words, and why they were referred, were shown


def worried_student(group: TutorGroup, tutor: User) -> Student:
    """Somebody with a line in every source."""
    student = make.student_in(group)
    today = timezone.localdate()
    mondays = [today - dt.timedelta(days=today.weekday(), weeks=week) for week in range(8)]
    days = [monday + dt.timedelta(days=day) for monday in mondays for day in range(5)]
    Mark.objects.bulk_create(make.MarkFactory.build(student=student, date=day, code="O") for day in days)
    session = make.TutorSessionFactory.create(student=student, author=tutor, held_on=today - dt.timedelta(days=80))
    make.NextStepFactory.create(session=session, due_on=today - dt.timedelta(days=5))
    plan = make.ActionPlanFactory.create(student=student, made_by=tutor, review_on=today)
    make.PlanStepFactory.create(plan=plan, due_on=today - dt.timedelta(days=5), owner_staff=tutor)
    make.WarningFactory.create(student=student)
    make.AlertFactory.create(student=student, to=tutor)
    make.AssessmentFactory.create(student=student)
    make.BehaviourEventFactory.create(student=student, date=today - dt.timedelta(days=2), kind="negative")
    for _ in range(2):
        make.ReferralFactory.create(student=student, referred_by=tutor)
        make.DoseFactory.create(member=make.MemberFactory.create(student=student))
        make.ReflectionFactory.create(student=student, taken_by=tutor)
        meeting = make.TutorSessionFactory.create(student=student, author=tutor, kind="agency", held_on=today)
        make.MeetingRecordFactory.create(session=meeting)
    return student


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        response = client.get(address)
    assert response.status_code == 200
    return len(found)


@pytest.mark.django_db
def test_lists_cost_the_same_for_two_students_and_for_eight(client: Client) -> None:
    make.TermFactory.create()
    group = make.TutorGroupFactory.create()
    tutor = make.person(Role.TUTOR, group=group)
    client.force_login(tutor)
    pages = {reverse("desk:today"): TODAY, reverse("desk:student-list"): LIST}
    for number in (2, 6):
        for _ in range(number):
            student = worried_student(group, tutor)
        for address, limit in pages.items():
            assert queries(client, address) == limit, address
        assert queries(client, reverse("desk:student-story", args=[student.pk])) == STORY


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.HEAD_OF_HOUSE, Role.HEADTEACHER, Role.DSL, Role.SENCO, Role.SUBJECT_TEACHER])
def test_today_costs_a_leader_no_more(client: Client, role: Role) -> None:
    """At most twelve for everybody; of how many students makes no difference."""
    make.TermFactory.create()
    house = make.HouseFactory.create()
    group = make.TutorGroupFactory.create(house=house)
    client.force_login(make.person(role, **({"house": house} if role == Role.HEAD_OF_HOUSE else {})))
    cost = set()
    for number in (2, 6):
        for _ in range(number):
            worried_student(group, make.person(Role.TUTOR, group=group))
        cost.add(queries(client, reverse("desk:today")))
    assert len(cost) == 1
    assert max(cost) <= TODAY


@pytest.mark.django_db
def test_find_costs_the_same_for_everybody(client: Client) -> None:
    group = make.TutorGroupFactory.create()
    client.force_login(make.person(Role.TUTOR, group=group))
    for number in (1, 8):
        for _ in range(number):
            make.student_in(group)
        with CaptureQueriesContext(connection) as found:
            client.post(reverse("desk:find"), {"q": "okafor"}, headers={"HX-Request": "true"})
        assert len(found) == FIND
