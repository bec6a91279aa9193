"""Puts the form of a plan together: its draft, its fields, its rows, for a new plan or a change."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts import drafts
from accounts.models import User
from accounts.permissions import Permission
from students.models import Student
from tutoring.groups.selectors import staff_who_see
from tutoring.plans.bank import fields_begun, steps_begun, targets_begun
from tutoring.plans.forms import PlanForm
from tutoring.plans.models import ActionPlan, Barrier
from tutoring.plans.rows import (
    PlanStepFormSet,
    TargetFormSet,
    rows_of_draft,
    rows_of_plan,
    rows_of_session,
    rows_of_targets,
    step_rows,
)
from tutoring.plans.selectors import barriers_offered
from tutoring.plans.services import NOTHING, Begun, Words
from tutoring.sessions.enums import Confidentiality
from tutoring.sessions.models import TutorSession

_STEP, _TARGET = ("pk", "from_step", "text", "who", "due_on"), ("pk", "text", "sign", "rhythm")


@dataclass
class OpenPlan:
    """What the template needs. `version` is 0 for a new plan."""

    student: Student
    draft: drafts.OpenForm
    form: PlanForm
    targets: TargetFormSet
    steps: PlanStepFormSet
    action: str
    version: int = 0
    begun: Begun = NOTHING

    def is_valid(self) -> bool:
        """All parts are checked, so that all mistakes show at once."""
        return all([self.form.is_valid(), self.targets.is_valid(), self.steps.is_valid()])

    def words(self) -> Words:
        return self.form.words(self.targets, self.steps)

    @property
    def save_url(self) -> str:
        return reverse("accounts:draft-save", args=[self.draft.form])

    @property
    def session(self) -> TutorSession | None:
        return self.begun.session

    @property
    def is_kept_for_named_people(self) -> bool:
        """Then nothing of the 1:1 was carried over: more people read a plan."""
        return self.session is not None and self.session.confidentiality == Confidentiality.NAMED


def build_plan_form(
    user: User,
    student: Student,
    *,
    token: str | None = None,
    data: QueryDict | None = None,
    plan: ActionPlan | None = None,
    begun: Begun = NOTHING,
) -> OpenPlan:
    """The form, empty, from a 1:1 or a model, with its draft, with a saved plan, or as it was sent (`data`)."""
    key = form_key(student, plan, begun)
    draft = drafts.reopen_form(user, key, data) if data else drafts.open_form(user, key, drafts.token_from(token))
    open_steps = [step for step in plan.steps.all() if step.is_open] if plan else []
    team = list(staff_who_see(student, Permission.LOG_SESSION).exclude(pk=user.pk))
    owners = list({u.pk: u for u in [*team, *(s.owner_staff for s in open_steps if s.owner_staff)]}.values())
    typed = draft.fields
    offered = barriers_offered(student.school, plan)
    if plan:
        targets, steps = rows_of_targets(list(plan.targets.all())), rows_of_plan(open_steps)
    else:
        targets, steps = _rows_begun(user, student, begun)
    if draft.restored:
        targets, steps = rows_of_draft(typed, "targets", _TARGET), rows_of_draft(typed, "steps", _STEP)
    return OpenPlan(
        student=student,
        draft=draft,
        form=PlanForm(
            data,
            instance=plan,
            school=student.school,
            barriers=offered,
            typed=typed,
            begun={} if draft.restored or plan else _fields_begun(begun, offered),
            look_for=begun.model.strengths if begun.model else "",
        ),
        targets=TargetFormSet(data, rows=targets),
        steps=step_rows(data, student=student, me=user, team=owners, rows=steps),
        action=_action(student, plan, begun),
        version=_version(draft, data, plan),
        begun=begun,
    )


def form_key(student: Student, plan: ActionPlan | None = None, begun: Begun = NOTHING) -> str:
    """The name of the draft."""
    if plan:
        return f"plan-edit:{plan.pk}"
    if begun.model:
        return f"plan-model:{student.pk}:{begun.model.pk}"
    return f"plan:{student.pk}:{begun.session.pk}" if begun.session else f"plan:{student.pk}"


def _fields_begun(begun: Begun, offered: list[Barrier]) -> dict[str, Any]:
    """What the model holds, or what a 1:1 that more people may read has said already."""
    if begun.model:
        return fields_begun(begun.model, offered)
    if begun.session is None or begun.session.confidentiality == Confidentiality.NAMED:
        return {}
    return {"student_words": begun.session.student_words}


Rows = list[dict[str, Any]]


def _rows_begun(user: User, student: Student, begun: Begun) -> tuple[Rows, Rows]:
    """Targets and steps of the model, or the open steps of the 1:1."""
    if begun.model is None:
        return [], rows_of_session(begun.session)
    return targets_begun(begun.model), steps_begun(begun.model, student.school, user, timezone.localdate())


def _action(student: Student, plan: ActionPlan | None, begun: Begun) -> str:
    if plan:
        return reverse("plans:plan-update", args=[plan.pk])
    if begun.model:
        return reverse("plans:plan-from-model", args=[student.pk, begun.model.pk])
    if begun.session:
        return reverse("plans:plan-from-session", args=[begun.session.pk])
    return reverse("plans:plan-create", args=[student.pk])


def _version(draft: drafts.OpenForm, data: Any, plan: ActionPlan | None) -> int:
    """The version the text was begun on: from the form sent, else from the draft, else as it is now."""
    if plan is None:
        return 0
    said = data.get("version") if data else draft.first("version")
    return int(said) if said and said.isdecimal() else plan.version
