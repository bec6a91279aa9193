"""Habit goals of a plan (duty 32): one tap a day or week, put right with another, said plainly, held in PostgreSQL."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from audit.models import Event
from tests import factories as make
from tests.plans.pages import opened, plan_fields, plan_of
from tests.sessions.pages import Scene, client_of, scene
from tests.visits.test_held import tried
from tutoring.plans.habits import Habit
from tutoring.plans.models import ActionPlan, HabitCheck, PlanTarget

pytestmark = pytest.mark.django_db
WEDNESDAY, SATURDAY = dt.datetime(2026, 11, 18, 9, tzinfo=dt.UTC), dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
MONDAY, WEEK = dt.date(2026, 11, 16), dt.timedelta(days=7)


def habit_of(world: Scene, rhythm: str) -> PlanTarget:
    return make.PlanTargetFactory.create(
        plan=make.ActionPlanFactory.create(student=world.student, made_by=world.tutor), rhythm=rhythm,
        text="I arrive before 8.35",
    )  # fmt: skip


def tap(client: Client, target: PlanTarget, kept: str) -> Any:
    return client.post(reverse("plans:habit-say", args=[target.pk]), {"kept": kept}, follow=True)


def close(habit: PlanTarget) -> None:
    PlanTarget.objects.filter(plan=habit.plan_id).update(result=1)
    ActionPlan.objects.filter(pk=habit.plan_id).update(closed_on=timezone.localdate(), outcome=1)


def test_a_target_is_made_a_habit_in_the_form_and_one_tap_notes_the_week() -> None:
    """Duty 32: positive habits and characteristics."""
    with time_machine.travel(WEDNESDAY, tick=False):
        world = scene()
        client = client_of(world.tutor)
        more = {"targets-0-rhythm": "week", "started_on": "2026-11-18", "review_on": "2026-12-16",
                "steps-0-due_on": "2026-11-25"}  # fmt: skip
        form = opened(client, "plan-create", world.student.pk) | plan_fields(**more)
        assert client.post(reverse("plans:plan-create", args=[world.student.pk]), form).status_code == 302
        target = PlanTarget.objects.get()
        assert target.rhythm == "week"
        page = tap(client, target, "yes").content.decode()
        assert "Kept 1 of the last 1 week noted" in page
        check = HabitCheck.objects.get()
        assert (check.day, check.kept, check.by) == (MONDAY, True, world.tutor)
        assert Event.objects.filter(action="habit.noted").exists()
        page = tap(client, target, "no").content.decode()
        assert "Kept 0 of the last 1 week noted" in page
        assert HabitCheck.objects.count() == 1, "put right, not said twice"
        tap(client, target, "maybe")
        assert HabitCheck.objects.get().kept is False
        form = client.get(reverse("plans:plan-update", args=[target.plan_id]))
        assert form.context["opened"].targets.rows[0]["rhythm"] == "week"


def test_a_daily_habit_is_noted_for_the_last_school_day() -> None:
    """Duty 32: on a Saturday a tap is for Friday."""
    with time_machine.travel(SATURDAY, tick=False):
        world = scene()
        target = habit_of(world, "day")
        assert "Friday 20 November" in tap(client_of(world.tutor), target, "yes").content.decode()
        assert HabitCheck.objects.get().day == dt.date(2026, 11, 20)


def test_the_streak_is_said_plainly() -> None:
    """Duty 32: 6 of the last 8 weeks; what nobody noted is not counted against anybody."""
    target = make.PlanTargetFactory.create(rhythm="week")
    kept = [True, True, False, True, True, False, True, True, False]
    for number, one in enumerate(kept):
        make.HabitCheckFactory.create(target=target, day=MONDAY - number * WEEK, kept=one)
    habit = Habit(target, list(target.checks.order_by("-day")), MONDAY)
    assert habit.words == "Kept 6 of the last 8 weeks noted"
    assert habit.run == 2
    assert habit.now is not None
    assert Habit(target, [], MONDAY).words == "Not noted yet"


def test_it_is_for_whoever_makes_plans_and_not_once_the_plan_is_closed() -> None:
    """Duty 32."""
    with time_machine.travel(WEDNESDAY, tick=False):
        world = scene()
        target = habit_of(world, "week")
        teacher = client_of(make.person(Role.SUBJECT_TEACHER, group=world.group))
        assert tap(teacher, target, "yes").status_code == 403
        stranger = client_of(make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="9Z")))
        assert tap(stranger, target, "yes").status_code == 404
        goal = make.PlanTargetFactory.create(plan=target.plan)
        assert tap(client_of(world.tutor), goal, "yes").status_code == 404, "a goal is reached once"
        close(target)
        assert tap(client_of(world.tutor), target, "yes").status_code == 404
        assert not HabitCheck.objects.exists()


def test_postgresql_asks_whether_the_day_fits_and_the_plan_is_open() -> None:
    """Duty 32, past every view."""
    with time_machine.travel(WEDNESDAY, tick=False):
        world = scene()
        weekly, me = habit_of(world, "week"), world.tutor
        add = """INSERT INTO plans_habitcheck (id, target_id, student_id, day, kept, by_id)
                 VALUES (gen_random_uuid(), %s, %s, %s, true, %s)"""
        student = world.student.pk
        head = make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)
        goal = make.PlanTargetFactory.create(plan=weekly.plan)
        assert tried(me, add, weekly.pk, student, MONDAY + dt.timedelta(days=1), me.pk) == "refused", "no Monday"
        assert tried(me, add, weekly.pk, student, MONDAY + WEEK, me.pk) == "refused", "still to come"
        assert tried(me, add, weekly.pk, student, MONDAY, head.pk) == "refused", "in another's name"
        assert tried(me, add, weekly.pk, world.classmate.pk, MONDAY, me.pk) == "refused", "of another student"
        assert tried(me, add, goal.pk, student, MONDAY, me.pk) == "refused", "a goal is no habit"
        assert tried(me, add, weekly.pk, student, MONDAY, me.pk) == "done"
        assert tried(me, add, weekly.pk, student, MONDAY, me.pk) == "refused", "once a week"
        change = "UPDATE plans_habitcheck SET {} WHERE target_id = %s"
        assert tried(head, change.format("kept = false"), weekly.pk) == "refused", "in the tutor's name"
        assert tried(head, change.format("kept = false, by_id = %s"), head.pk, weekly.pk) == "done"
        assert tried(head, change.format("day = day - 7"), weekly.pk) == "refused"
        daily = make.PlanTargetFactory.create(plan=weekly.plan, rhythm="day")
        assert tried(me, add, daily.pk, student, MONDAY - dt.timedelta(days=1), me.pk) == "refused", "a Sunday"
        close(weekly)
        assert tried(head, change.format("kept = true, by_id = %s"), head.pk, weekly.pk) == "refused", "closed"


def test_the_page_of_a_plan_costs_one_query_for_all_its_habits() -> None:
    """Duty 32."""
    world = scene()
    plan, client, counts = plan_of(world), client_of(world.tutor), []
    url = reverse("plans:plan-detail", args=[plan.pk])
    for number in (0, 1, 4):
        for _ in range(number):
            make.HabitCheckFactory.create(target__plan=plan)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[1] == counts[2] == counts[0] + 1
