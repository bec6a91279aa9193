"""The bank of model plans: what stands in it, what one holds, and how often it helped."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import House, School, User
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Student
from students.selectors import school_days
from tutoring.groups.selectors import students_visible_to
from tutoring.plans.enums import Area, Sharing
from tutoring.plans.models import ActionPlan, Barrier, ModelPlan
from tutoring.plans.selectors import barriers_named

FEWEST = 5  # students; of fewer nothing is told (the database holds it: migration 0005)
LONGEST = 180  # days after a plan's first day
_HOLIDAYS = dt.timedelta(days=60)


def models_readable() -> QuerySet[ModelPlan]:
    """What whoever acts may read; the database says which (migration 0005)."""
    return ModelPlan.objects.select_related("author", "house")


def models_offered(school: School, area: str = "") -> QuerySet[ModelPlan]:
    """Those that are not put away, of one area of barriers or of all."""
    offered = models_readable().filter(is_active=True)
    if area not in Area.values:
        return offered
    named = barriers_named(school).filter(area=area).values_list("name", flat=True)
    return offered.filter(barriers__overlap=list(named))


def may_keep(user: User, model: ModelPlan) -> bool:
    """Whether this person may change it: the author; what is shared, whoever answers for the bank as well."""
    shared = model.sharing != Sharing.MINE and user.has_perm(Permission.SHARE_PLANS)
    return shared or (model.author_id == user.pk and user.has_perm(Permission.MAKE_PLAN))


def houses_shared_with(user: User, model: ModelPlan) -> QuerySet[House]:
    """Houses of the students whose plans this person makes, and the one it is shared with already."""
    students = students_visible_to(user, Permission.MAKE_PLAN)
    mine = Q(pk__in=students.order_by().values("house"))
    return House.objects.filter(mine | Q(pk=model.house_id)).order_by("name")


@dataclass(frozen=True)
class Uses:
    """Over the whole school. `achieved` (+1 or +2) and `weeks` are None where fewer than five have finished."""

    used: int
    finished: int
    achieved: int | None
    weeks: int | None


def uses_of(models: Iterable[ModelPlan]) -> dict[UUID, Uses]:
    """model id → figures, in one query; a model that fewer than five students had is missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM guard.model_uses(%s::uuid[])", [[model.pk for model in models]])
        return {
            key: Uses(used, finished, achieved, None if days is None else round(days / 7))
            for key, used, finished, achieved, days in cursor.fetchall()
        }


@dataclass(frozen=True)
class Changes:
    """Medians over `compared` plans: what there was more or less of since, in equally many weeks."""

    compared: int
    absent: float
    late: float
    sanctions: float
    rewards: float


def changes_with(model: ModelPlan) -> Changes | None:
    """What changed for those who had it, over the whole school; None where that would be of fewer than five."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM guard.model_changes(%s, %s)", [model.pk, timezone.localdate()])
        row = cursor.fetchone()
    return Changes(*row) if row else None


# Into a plan


def fields_begun(model: ModelPlan, offered: list[Barrier]) -> dict[str, Any]:
    """What the form of a new plan begins with; barriers that the school does not offer are left out.

    Not its strengths to look for: they are asked of everybody, and answered of one (PlanForm shows them as a hint).
    """
    return {
        "title": model.title,
        "barriers": [barrier.pk for barrier in offered if barrier.name in model.barriers],
    }


def targets_begun(model: ModelPlan) -> list[dict[str, Any]]:
    """Its targets as rows of the form."""
    return [{"text": t["text"], "sign": t["sign"], "rhythm": t.get("rhythm", "")} for t in model.targets]


def steps_begun(model: ModelPlan, school: School, me: User, start: dt.date) -> list[dict[str, Any]]:
    """Its steps as rows of the form, each on the first school day so many days after `start`; staff: `me`."""
    furthest = max((step["days"] for step in model.steps), default=0)
    days = school_days(school, start, start + dt.timedelta(days=furthest) + _HOLIDAYS)
    return [
        {
            "text": step["text"],
            "who": f"staff:{me.pk}" if step["owner"] == "staff" else step["owner"],
            "due_on": _school_day(days, start + dt.timedelta(days=step["days"])),
        }
        for step in model.steps
    ]


def _school_day(days: list[dt.date], wanted: dt.date) -> dt.date:
    """The first school day from then on; the day itself where the calendar does not reach so far."""
    return next((day for day in days if day >= wanted), wanted)


# Out of a plan


def model_from(plan: ActionPlan) -> ModelPlan:
    """What a plan says, unsaved, without the student: their own words and name are left out."""
    says = _Unnamed(plan.student)
    return ModelPlan(
        title=says(plan.title),
        strengths=says(plan.strengths)[:500],
        barriers=[barrier.name for barrier in plan.barriers.all()],
        targets=[{"text": says(t.text), "sign": says(t.sign), "rhythm": t.rhythm} for t in plan.targets.all()],
        steps=[
            {"text": says(step.text), "owner": step.owner, "days": _days(plan, step.due_on)}
            for step in plan.steps.all()
        ],
    )


def _days(plan: ActionPlan, day: dt.date) -> int:
    return min(LONGEST, max(0, (day - plan.started_on).days))


class _Unnamed:
    """A student's texts with "the student" where their name stood."""

    def __init__(self, student: Student) -> None:
        first = {student.preferred_forename, student.legal_forename}
        last = {student.preferred_surname, student.legal_surname}
        whole = {f"{one} {other}" for one in first for other in last}
        names = sorted(filter(None, first | last | whole), key=len, reverse=True)
        self.pattern = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b")

    def __call__(self, text: str) -> str:
        return self.pattern.sub("the student", text)


def names_said(model: ModelPlan, user: User) -> list[str]:
    """Forenames and surnames of this person's students that stand in its texts, for a warning; it may be another's."""
    students = students_visible_to(user, Permission.MAKE_PLAN)
    known = {name for pair in students.values_list("preferred_forename", "preferred_surname") for name in pair if name}
    parts = [part["text"] for part in (*model.targets, *model.steps)] + [part["sign"] for part in model.targets]
    words = " ".join([model.title, model.purpose, model.strengths, model.why, *parts])
    return sorted(name for name in known if re.search(rf"\b{re.escape(name)}\b", words))
