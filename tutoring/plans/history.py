"""What a plan said before: each change kept by the database, in words, the latest first."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from accounts.models import User
from core.ids import UUID
from tutoring.plans.enums import Rhythm, StepEnd
from tutoring.plans.models import ActionPlan, PlanBarrier, PlanStep, PlanTarget

SHOWN = 300
# What is worth a line; counters and keys are not.
_PLAN = (
    "title", "strengths", "student_words", "started_on", "review_on", "student_agreed_on", "student_agreed_how",
    "home_agreed_on", "home_agreed_how", "closed_on", "outcome", "outcome_words",
)  # fmt: skip
_TARGET = ("text", "sign", "rhythm", "result")
_STEP = ("text", "owner", "owner_agreed_on", "due_on", "outcome", "words")


@dataclass(frozen=True)
class Change:
    """What one person changed at one time, line by line."""

    at: dt.datetime
    who: str
    lines: list[str]


def changes_of(plan: ActionPlan) -> list[Change]:
    """Everything said otherwise since the plan was made, the latest first, in nine queries at most."""
    found: dict[tuple[Any, Any], list[tuple[dt.datetime, str]]] = defaultdict(list)
    for request, person, at, line in _lines(plan):
        found[request, person].append((at, line))
    people = {user.pk: str(user) for user in User.objects.filter(pk__in={person for _, person in found})}
    changes = [
        Change(max(at for at, _ in rows), people.get(person, "Waymark"), [line for _, line in rows])
        for (_, person), rows in found.items()
    ]
    return sorted(changes, key=lambda change: change.at, reverse=True)


Line = tuple[UUID | None, UUID | None, dt.datetime, str]


def _lines(plan: ActionPlan) -> Iterator[Line]:
    made = _made_in(plan)
    for model, names, title in ((ActionPlan, _PLAN, ""), (PlanTarget, _TARGET, "Target"), (PlanStep, _STEP, "Step")):
        yield from _told(model, plan, names, title, made)
    barriers = _history(PlanBarrier).objects.filter(plan_id=plan.pk).exclude(pgh_label="update")
    for row in barriers.select_related("barrier").order_by("pgh_created_at")[:SHOWN]:
        if row.pgh_label == "delete" or row.pgh_request_id not in made:
            verb = "taken out" if row.pgh_label == "delete" else "added"
            yield row.pgh_request_id, row.pgh_actor_id, row.pgh_created_at, f"In the way, {verb}: {row.barrier}"


def _made_in(plan: ActionPlan) -> set[UUID | None]:
    """The request in which the plan was made: what came with it is no change."""
    rows = _history(ActionPlan).objects.filter(id=plan.pk, pgh_label="insert")
    return set(rows.values_list("pgh_request_id", flat=True))


def _history(model: type[models.Model]) -> Any:
    return apps.get_model("plans", f"{model.__name__}Change")


def _told(
    model: type[models.Model], plan: ActionPlan, names: tuple[str, ...], title: str, made: set[UUID | None]
) -> Iterator[Line]:
    about = {"id" if model is ActionPlan else "plan_id": plan.pk}
    rows = list(_history(model).objects.filter(**about).order_by("pgh_created_at")[:SHOWN])
    now = {row.pk: row for row in model._default_manager.filter(**about)}
    for row, after in _pairs(rows, now):
        if row.pgh_label == "insert":
            if title and row.pgh_request_id not in made:
                yield row.pgh_request_id, row.pgh_actor_id, row.pgh_created_at, f"{title} added: “{row.text}”"
        elif after is not None:
            for line in _differences(model, row, after, names, title):
                yield row.pgh_request_id, row.pgh_actor_id, row.pgh_created_at, line


def _pairs(rows: Iterable[Any], now: dict[UUID, Any]) -> Iterator[tuple[Any, Any]]:
    """Each copy (a row before its change) with the state it became: the next copy, or the row as it is."""
    later: dict[UUID, Any] = dict(now)
    pairs: list[tuple[Any, Any]] = []
    for row in reversed(list(rows)):
        pairs.append((row, later.get(row.id)))
        if row.pgh_label == "update":
            later[row.id] = row
    return iter(pairs[::-1])


def _differences(
    model: type[models.Model], before: Any, after: Any, names: tuple[str, ...], title: str
) -> Iterator[str]:
    for name in names:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            field = model._meta.get_field(name)
            label = str(getattr(field, "verbose_name", name))
            whose = f"{title} “{before.text}”, {label}" if title else label
            yield f"{whose[:1].upper()}{whose[1:]}: {_said(before, name)} → {_said(after, name)}"


def _said(row: Any, name: str) -> str:
    value = getattr(row, name)
    if name == "rhythm":
        return f"“{Rhythm(value).label}”"
    if value is None or value == "":
        return "open" if name == "outcome" and not hasattr(row, "title") else "nothing"
    if isinstance(value, dt.date):
        return f"{value.day} {value:%b %Y}"
    display = getattr(row, f"get_{name}_display", None)
    if display:
        return str(display())
    return StepEnd(value).label if value in StepEnd.values else f"“{value}”"
