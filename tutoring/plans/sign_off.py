"""A colleague's own word on what a plan gives them to do, beside the student's and home's (duty 25)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record
from tutoring.plans.models import ActionPlan, PlanStep
from tutoring.sessions.enums import Owner


@dataclass(frozen=True)
class GivenStep:
    """A step that somebody else gave a colleague, and whether they have said that they do it."""

    step: PlanStep
    colleague: User


def is_asked(user: User, step: PlanStep) -> bool:
    """Whether this person is still to say that they do the step.

    Whoever wrote the plan said so by writing it. A plan that cannot be read is somebody else's.
    """
    mine = step.is_open and step.owner == Owner.STAFF and step.owner_staff_id == user.pk
    if not mine or step.owner_agreed_on:
        return False
    return not ActionPlan.objects.filter(pk=step.plan_id, made_by=user).exists()


def given_steps(plan: ActionPlan, steps: Iterable[PlanStep]) -> list[GivenStep]:
    """What colleagues other than its author have to do in this plan, or agreed to do."""
    return [
        GivenStep(step, step.owner_staff)
        for step in steps
        if step.owner == Owner.STAFF and step.owner_staff and step.owner_staff_id != plan.made_by_id
        and (step.is_open or step.owner_agreed_on)
    ]  # fmt: skip


@transaction.atomic
def agree_step(*, by: User, step: PlanStep) -> bool:
    """Say "I do this" today, once; False where it was said before, has ended, or is not theirs (PostgreSQL agrees)."""
    if not is_asked(by, step):
        return False
    open_one = PlanStep.objects.filter(pk=step.pk, owner_staff=by, owner=Owner.STAFF, text=step.text)
    agreed = open_one.filter(outcome="", owner_agreed_on=None).update(owner_agreed_on=timezone.localdate())
    if agreed:
        record("plan_step.agreed", by=by, obj=step)
    step.refresh_from_db()
    return bool(agreed)
