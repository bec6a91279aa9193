"""Nothing open can be forgotten: what is overdue of 1:1s and of plans stands on the head's lists, each thing once."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from students.models import Student
from tests import factories as make
from tests.reports.population import TODAY
from tutoring.groups.models import TutorGroup
from tutoring.plans.models import ActionPlan
from tutoring.sessions.models import NextStep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def group() -> TutorGroup:
    group = make.TutorGroupFactory.create(house=make.HouseFactory.create())
    make.TermFactory.create(school=group.school)
    return group


@pytest.fixture
def jamal(group: TutorGroup) -> Student:
    return make.student_in(group, legal_forename="Jamal")


@pytest.fixture
def head(group: TutorGroup) -> User:
    return make.person(Role.HEAD_OF_HOUSE, house=group.house)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def plan_of(student: Student, review: dt.date = TODAY, **fields: object) -> ActionPlan:
    return make.ActionPlanFactory.create(student=student, title="On time", review_on=review, **fields)


def agreed(student: Student, due: dt.date) -> NextStep:
    session = make.TutorSessionFactory.create(student=student, held_on=ago(30))
    return make.NextStepFactory.create(session=session, text="Ask for help", due_on=due)


def listed(user: User, show: str) -> list[str]:
    client = Client()
    client.force_login(user)
    page = client.get(f"{reverse('reports:student-rows')}?show={show}")
    return [row.why for row in page.context["page"]]


def test_an_overdue_step_of_a_plan_and_a_review_stand_on_the_heads_lists(jamal: Student, head: User) -> None:
    plan = plan_of(jamal, review=ago(1))
    make.PlanStepFactory.create(plan=plan, text="Pack the bag", due_on=ago(3))
    make.PlanStepFactory.create(plan=plan, text="Done already", due_on=ago(3), outcome="done", ended_on=ago(4))
    assert listed(head, "overdue") == [
        "Pack the bag · due 17 November, 3 days late", "Review of the plan: On time · due 19 November, 1 day late",
    ]  # fmt: skip
    assert listed(head, "new") == [
        "A step has become overdue (due 17 November); a review has become overdue (due 19 November)"
    ]
    assert listed(head, "silence") == ["A step of a plan overdue since 17 November; no conversation on record"]


def test_today_is_not_late_and_a_closed_plan_is_over(jamal: Student, head: User) -> None:
    make.PlanStepFactory.create(plan=plan_of(jamal), due_on=TODAY)
    plan_of(jamal, review=ago(9), closed_on=ago(10), outcome=1)
    assert [listed(head, show) for show in ("overdue", "new", "silence")] == [[], [], []]


def test_a_step_carried_into_a_plan_is_listed_once_by_the_plans_day(jamal: Student, head: User) -> None:
    step = agreed(jamal, ago(20))
    assert listed(head, "overdue") == ["Ask for help · due 31 October, 20 days late"]
    carried = make.PlanStepFactory.create(
        plan=plan_of(jamal), text="Ask for help", from_step=step, due_on=TODAY + dt.timedelta(days=5)
    )
    assert listed(head, "overdue") == [], "dated anew, it is not late"
    carried.due_on = ago(2)
    carried.save()
    assert listed(head, "overdue") == ["Ask for help · due 18 November, 2 days late"]


def test_a_list_of_students_counts_steps_and_no_reviews(jamal: Student, group: TutorGroup) -> None:
    Student.objects.filter(pk=jamal.pk).update(sen_status="K")
    make.PlanStepFactory.create(plan=plan_of(jamal, review=ago(1)), from_step=agreed(jamal, ago(20)), due_on=ago(2))
    agreed(jamal, TODAY + dt.timedelta(days=3))
    client = Client()
    client.force_login(make.person(Role.SENCO))
    (one,) = client.get(reverse("reports:needs-list")).context["page"]
    assert (len(one.steps), one.steps_overdue, len(one.overdue)) == (2, 1, 2)
