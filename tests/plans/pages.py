"""What the tests of plans share: the form as a browser sends it, and a plan with all its parts."""

import datetime as dt
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from tests import factories as make
from tests.sessions.pages import Scene, hidden_fields
from tutoring.plans.models import ActionPlan

DAY = dt.timedelta(days=1)


def in_days(number: int) -> str:
    return (localdate() + number * DAY).isoformat()


def plan_of(world: Scene, **fields: Any) -> ActionPlan:
    """An open plan of the scene's student with a target and a step."""
    plan = make.ActionPlanFactory.create(
        **{
            "student": world.student,
            "made_by": world.tutor,
            "started_on": localdate() - 14 * DAY,
            "review_on": localdate() + 14 * DAY,
        }
        | fields
    )
    make.PlanTargetFactory.create(plan=plan)
    make.PlanStepFactory.create(plan=plan, due_on=localdate() + 3 * DAY)
    return plan


def opened(client: Client, name: str, key: Any, **typed: Any) -> dict[str, Any]:
    """The hidden fields of that page's form, with what is typed into it."""
    return hidden_fields(client.get(reverse(f"plans:{name}", args=[key]))) | typed


def plan_fields(**typed: Any) -> dict[str, Any]:
    """A plan with one target and one step, as somebody fills it in."""
    return {
        "title": "In class on time",
        "strengths": "Good with younger ones.",
        "student_words": "I want to stop being shouted at.",
        "started_on": localdate().isoformat(),
        "review_on": in_days(28),
        "targets-TOTAL_FORMS": "2",
        "targets-INITIAL_FORMS": "0",
        "targets-0-text": "I am in my seat at 8.40, four days out of five",
        "targets-0-sign": "The register",
        "steps-TOTAL_FORMS": "3",
        "steps-INITIAL_FORMS": "0",
        "steps-0-text": "Pack the bag in the evening",
        "steps-0-who": "student",
        "steps-0-due_on": in_days(5),
    } | typed
