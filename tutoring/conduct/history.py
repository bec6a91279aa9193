"""What a planner check said before it was corrected: each change kept by the database, the latest first."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from accounts.models import User
from students.models import Student
from tutoring.conduct.enums import PlannerIssue
from tutoring.conduct.models import PlannerCheck
from tutoring.conduct.planners import state_of

FINE = "Fine"


@dataclass(frozen=True)
class Line:
    """One student before and after."""

    student: str
    before: str
    after: str


@dataclass(frozen=True)
class Correction:
    """What was saved at one time after the check itself."""

    at: dt.datetime
    who: str
    lines: list[Line]


def corrections_of(check: PlannerCheck) -> list[Correction]:
    """Every later change with both states, in five queries."""
    made_in = _changes("PlannerCheck").filter(id=check.pk).values_list("pgh_request_id", flat=True).first()
    rows = list(_changes("PlannerException").filter(check_of_id=check.pk).order_by("-pgh_id"))
    after = {student: said(*found) for student, found in state_of(check).items()}
    names = {s.pk: s.name for s in Student.objects.filter(pk__in={row.student_id for row in rows})}
    people = {u.pk: str(u) for u in User.objects.filter(pk__in={row.pgh_actor_id for row in rows})}
    lines: dict[Any, list[Line]] = defaultdict(list)
    saved: dict[Any, tuple[dt.datetime, str]] = {}
    for row in rows:
        before = FINE if row.pgh_label == "insert" else said(row.issue, row.words)
        now, after[row.student_id] = after.get(row.student_id, FINE), before
        if row.pgh_request_id != made_in or row.pgh_label != "insert":
            saved.setdefault(row.pgh_request_id, (row.pgh_created_at, people.get(row.pgh_actor_id, "Waymark")))
            lines[row.pgh_request_id].append(Line(names[row.student_id], before, now))
    return [Correction(*saved[key], sorted(found, key=lambda line: line.student)) for key, found in lines.items()]


def said(issue: str, words: str) -> str:
    """An exception in words; "Fine" for none."""
    label = str(PlannerIssue(issue).label) if issue else FINE
    return f"{label}: {words}" if words else label


def _changes(model: str) -> Any:
    return apps.get_model("conduct", f"{model}Change")._default_manager
