"""Who reads a plan and its steps, where they stand, and what a page costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from audit.models import Event
from tests import factories as make
from tests.plans.pages import DAY, plan_of
from tests.sessions.pages import client_of, scene
from tutoring.plans.models import ActionPlan, PlanStep

pytestmark = pytest.mark.django_db

PAGE = 24  # three of them are the evidence before and since


def test_a_teacher_ticks_their_own_step_and_reads_no_plan() -> None:
    """Duty 25: staff have steps of a plan; of the plan they get the step only."""
    world = scene()
    plan = plan_of(world)
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group, first_name="Ann", last_name="Hill")
    step = plan.steps.get()
    client = client_of(teacher)
    assert client.get(reverse("plans:plan-detail", args=[plan.pk])).status_code == 403
    assert client.post(reverse("plans:step-done", args=[step.pk])).status_code == 404
    PlanStep.objects.update(owner_staff=teacher, owner="staff", due_on=localdate() - 2 * DAY)
    today = client.get(reverse("desk:today")).content.decode()
    assert step.text in today
    assert "2 days late" in today
    assert plan.title not in today
    assert client.post(reverse("plans:step-done", args=[step.pk])).status_code == 302
    step.refresh_from_db()
    assert step.outcome == "done"


def test_opening_a_plan_is_on_the_record() -> None:
    world = scene()
    plan = plan_of(world)
    client_of(world.tutor).get(reverse("plans:plan-detail", args=[plan.pk]))
    event = Event.objects.get(action="plan.opened")
    assert (event.actor_id, event.student_id, event.object_id) == (world.tutor.pk, world.student.pk, str(plan.pk))


def test_the_tab_teaches_when_empty_and_lists_open_plans_first() -> None:
    world = scene()
    client, url = client_of(world.tutor), reverse("desk:student-plans", args=[world.student.pk])
    assert "No plan yet" in client.get(url).content.decode()
    make.ActionPlanFactory.create(student=world.student, title="Long over", closed_on=localdate(), outcome=1)
    plan_of(world, title="Goes on", review_on=localdate())
    page = client.get(url).content.decode()
    assert page.index("Goes on") < page.index("Long over")
    assert "Review due" in page


def test_steps_and_reviews_due_come_to_today_and_count_there() -> None:
    world = scene()
    plan = plan_of(world, title="Mornings", review_on=localdate())
    PlanStep.objects.update(due_on=localdate() - DAY)
    client = client_of(world.tutor)
    page = client.get(reverse("desk:today"))
    lines = {due.line.text: due for due in page.context["due"]}
    assert lines["Pack the bag in the evening"].late == 1
    assert lines["Mornings"].line.kind == "review"
    number = next(n for n in page.context["numbers"] if n.label == "Steps due this week")
    assert number.sub == "1 overdue"
    assert [row.student for row in client.get(number.url).context["rows"]] == [world.student]
    client.post(lines["Pack the bag in the evening"].url, {"next": reverse("desk:today")})
    left = client.get(reverse("desk:today")).context["due"]
    assert [due.line.text for due in left] == ["Mornings"]
    assert plan.steps.get().outcome == "done"


def test_a_step_that_goes_on_in_a_plan_stands_on_today_once() -> None:
    world = scene()
    session = make.TutorSessionFactory.create(student=world.student, author=world.tutor)
    step = make.NextStepFactory.create(session=session, text="As said in the 1:1", due_on=localdate())
    plan = plan_of(world)
    PlanStep.objects.all().delete()
    make.PlanStepFactory.create(plan=plan, text="As planned", due_on=localdate(), from_step=step)
    client = client_of(world.tutor)
    assert [due.line.text for due in client.get(reverse("desk:today")).context["due"]] == ["As planned"]
    assert client.get(reverse("desk:student-list")).context["rows"][0].open_steps == 1


def test_made_reviewed_and_closed_stand_in_the_story() -> None:
    world = scene()
    plan = plan_of(world, title="Mornings")
    make.PlanReviewFactory.create(plan=plan, by=world.tutor, held_on=localdate() - 3 * DAY, words="Half way.")
    plan.targets.update(result=1)
    plan.steps.update(outcome="done", ended_on=localdate())
    ActionPlan.objects.update(closed_on=localdate(), outcome=2, outcome_words="On time.")
    url = reverse("desk:student-story", args=[world.student.pk])
    page = client_of(world.tutor).get(url, {"kind": "plans"}).content.decode()
    told = [page.index(f"Plan {what}: Mornings") for what in ("closed", "reviewed", "made")]
    assert told == sorted(told)
    assert "How it went: much better" in page
    teacher = client_of(make.person(Role.SUBJECT_TEACHER, group=world.group))
    assert "Mornings" not in teacher.get(url).content.decode()


def test_a_page_costs_the_same_for_a_small_plan_and_for_a_large_one() -> None:
    world = scene()
    plan, client = plan_of(world), client_of(world.tutor)
    url = reverse("plans:plan-detail", args=[plan.pk])
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        assert len(found) == PAGE
        for number in range(4):
            make.PlanStepFactory.create(plan=plan, owner_staff=make.person(Role.TUTOR, group=world.group))
            make.PlanTargetFactory.create(plan=plan, position=number)
            make.PlanReviewFactory.create(plan=plan, by=make.UserFactory.create())
            make.PlanBarrierFactory.create(plan=plan)


def test_of_a_whole_school_only_what_is_mine_comes_to_today() -> None:
    world = scene()
    leader = make.person(Role.SENIOR_LEADER)
    mine = plan_of(world, title="Made by me", made_by=leader, review_on=localdate())
    other = plan_of(world, title="Made by the tutor", review_on=localdate())
    mine.steps.update(text="Of my plan", due_on=localdate())
    other.steps.update(text="Of another plan", due_on=localdate())
    make.PlanStepFactory.create(plan=other, text="For me to do", owner="staff", owner_staff=leader, due_on=localdate())
    page = client_of(leader).get(reverse("desk:today"))
    assert {due.line.text for due in page.context["due"]} == {"Of my plan", "Made by me", "For me to do"}
