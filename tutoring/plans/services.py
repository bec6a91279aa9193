"""Making a plan with a student, changing it, following its steps, reviewing and closing it."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from psycopg.errors import UniqueViolation

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record
from core.ids import UUID
from students.models import Student
from tutoring.plans.enums import StepEnd
from tutoring.plans.models import ActionPlan, Barrier, ModelPlan, PlanBarrier, PlanReview, PlanStep, PlanTarget
from tutoring.sessions.enums import Owner
from tutoring.sessions.models import NextStep, TutorSession


class StaleError(Exception):
    """Somebody (or another tab) changed or closed the plan after this text was begun; nothing was saved."""


class UnfinishedError(Exception):
    """A plan is closed only when each of its targets and steps has an outcome; nothing was saved."""


class ClosedError(Exception):
    """A step of a closed plan stays as it ended."""


@dataclass(frozen=True)
class Target:
    """What will be different; `pk` where it stands already."""

    text: str
    sign: str = ""
    pk: UUID | None = None
    rhythm: str = ""


@dataclass(frozen=True)
class Step:
    """Who does what by when; `pk` where it stands already, `from_step` the step of a 1:1 that goes on here."""

    text: str
    due_on: dt.date
    owner: str = Owner.STUDENT
    owner_staff: User | None = None
    pk: UUID | None = None
    from_step: UUID | None = None


@dataclass(frozen=True)
class Words:
    """What a plan says: the model's own fields, barriers, targets and steps in their order."""

    fields: dict[str, Any]
    barriers: list[Barrier] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Begun:
    """What a new plan grows out of: a 1:1, a model of the bank, or neither."""

    session: TutorSession | None = None
    model: ModelPlan | None = None


NOTHING = Begun()


@dataclass(frozen=True)
class Ending:
    """How a plan ended: as a whole, target by target (id → −2…+2), step by step (id → what became of it, words)."""

    outcome: int
    words: str
    targets: dict[UUID, int]
    steps: dict[UUID, tuple[str, str]]


@dataclass(frozen=True)
class Made:
    """The plan, and whether this call made it (False: the same form had arrived before)."""

    plan: ActionPlan
    created: bool


@transaction.atomic
def make_plan(*, by: User, student: Student, submission: UUID, words: Words, begun: Begun = NOTHING) -> Made:
    """Save a plan once per `submission` (the form's token) and drop its draft, all or nothing."""
    try:
        with transaction.atomic():
            plan = ActionPlan.objects.create(
                student=student,
                made_by=by,
                submission=submission,
                from_session=begun.session,
                from_model=begun.model,
                from_model_version=begun.model.version if begun.model else None,
                **words.fields,
            )
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        return _sent_before(by, student, submission, words, begun)
    _write_parts(plan, words)
    discard_draft(by=by, token=submission)
    record("plan.made", by=by, obj=plan, steps=len(words.steps))
    return Made(plan, created=True)


def _sent_before(by: User, student: Student, submission: UUID, words: Words, begun: Begun) -> Made:
    """The plan this form made before; a token that belongs to something else gets a new one instead."""
    plan = ActionPlan.objects.filter(submission=submission, made_by=by, student=student).first()
    if plan is None:
        return make_plan(by=by, student=student, submission=uuid.uuid4(), words=words, begun=begun)
    return Made(plan, created=False)


def says_the_same(plan: ActionPlan, words: Words) -> bool:
    """Whether a form that arrived again holds nothing but what was saved."""
    if any(getattr(plan, name) != value for name, value in words.fields.items()):
        return False
    saved = [sorted(part.text for part in parts) for parts in (plan.targets.all(), plan.steps.all())]
    return saved == [sorted(part.text for part in parts) for parts in (words.targets, words.steps)]


@transaction.atomic
def update_plan(*, by: User, plan: ActionPlan, version: int, words: Words, draft: UUID | None = None) -> None:
    """Change an open plan if it still stands as it was when the form was opened; else StaleError.

    Targets and steps that the form does not name stay: nothing agreed is taken out, it ends with an outcome.
    """
    if not _only_if(plan, version).update(**words.fields, version=F("version") + 1, changed_at=timezone.now()):
        raise StaleError
    _write_parts(plan, words)
    discard_draft(by=by, token=draft)
    plan.refresh_from_db()
    record("plan.changed", by=by, obj=plan, version=plan.version)


def _only_if(plan: ActionPlan, version: int) -> Any:
    return ActionPlan.objects.filter(pk=plan.pk, version=version, closed_on=None)


def _write_parts(plan: ActionPlan, words: Words) -> None:
    _write_barriers(plan, words.barriers)
    _write_targets(plan, words.targets)
    _write_steps(plan, words.steps)


def _write_barriers(plan: ActionPlan, barriers: Iterable[Barrier]) -> None:
    wanted = {barrier.pk for barrier in barriers}
    plan.named_barriers.exclude(barrier__in=wanted).delete()
    missing = wanted - set(plan.named_barriers.values_list("barrier", flat=True))
    PlanBarrier.objects.bulk_create(
        PlanBarrier(plan=plan, student_id=plan.student_id, barrier_id=key) for key in sorted(missing)
    )


def _write_targets(plan: ActionPlan, targets: Iterable[Target]) -> None:
    added = []
    for place, target in enumerate(targets):
        values: dict[str, Any] = {"text": target.text, "sign": target.sign, "rhythm": target.rhythm, "position": place}
        if target.pk:
            plan.targets.filter(pk=target.pk).update(**values)
        else:
            added.append(PlanTarget(plan=plan, student_id=plan.student_id, **values))
    PlanTarget.objects.bulk_create(added)


def _write_steps(plan: ActionPlan, steps: Iterable[Step]) -> None:
    """New ones are added, open ones changed; a day set anew is counted. What has ended stays as it ended."""
    saved = {step.pk: step for step in plan.steps.filter(outcome="")}
    added = []
    for step in steps:
        values: dict[str, Any] = {"text": step.text, "owner": step.owner, "owner_staff": step.owner_staff}
        if step.pk in saved:
            plan.steps.filter(pk=step.pk).update(**values, **_new_day(saved[step.pk], step.due_on))
        elif step.pk is None:
            more = {"due_on": step.due_on, "from_step_id": step.from_step}
            added.append(PlanStep(plan=plan, student_id=plan.student_id, **values, **more))
    PlanStep.objects.bulk_create(added)


def _new_day(step: PlanStep, due_on: dt.date) -> dict[str, Any]:
    moved = step.due_on != due_on
    return {"due_on": due_on, "times_moved": F("times_moved") + 1} if moved else {}


@transaction.atomic
def agree_plan(*, by: User, plan: ActionPlan, **agreed: Any) -> None:
    """Record that the student, or home, agreed: the days and how (fields of the plan)."""
    ActionPlan.objects.filter(pk=plan.pk).update(**agreed)
    record("plan.agreed", by=by, obj=plan)


@transaction.atomic
def review_plan(
    *, by: User, plan: ActionPlan, submission: UUID, fields: dict[str, Any], targets: dict[UUID, int | None]
) -> bool:
    """How it goes and when to look again, once per `submission`; returns False where it had arrived before.

    `targets` holds what was said of single targets; None leaves one as it is. StaleError where the plan is closed.
    """
    if PlanReview.objects.filter(submission=submission).exists():
        return False
    if not ActionPlan.objects.filter(pk=plan.pk, closed_on=None).update(
        review_on=fields["next_on"], version=F("version") + 1
    ):
        raise StaleError
    review = PlanReview.objects.create(plan=plan, student_id=plan.student_id, by=by, submission=submission, **fields)
    for key, result in targets.items():
        if result is not None:
            plan.targets.filter(pk=key).update(result=result)
    discard_draft(by=by, token=submission)
    record("plan.reviewed", by=by, obj=review)
    return True


@transaction.atomic
def close_plan(*, by: User, plan: ActionPlan, version: int, ending: Ending, draft: UUID | None = None) -> None:
    """Close a plan with an outcome for every part of it. StaleError, UnfinishedError; the database holds it too."""
    locked = _only_if(plan, version).select_for_update(no_key=True).first()
    if locked is None:
        raise StaleError
    left = set(plan.steps.filter(outcome="").values_list("pk", flat=True)) - ending.steps.keys()
    unrated = set(plan.targets.values_list("pk", flat=True)) - ending.targets.keys()
    if left or unrated:
        raise UnfinishedError
    for key, result in ending.targets.items():
        plan.targets.filter(pk=key).update(result=result)
    today = timezone.localdate()
    for key, (end, words) in ending.steps.items():
        plan.steps.filter(pk=key, outcome="").update(outcome=end, words=words, ended_on=today)
    ActionPlan.objects.filter(pk=plan.pk).update(
        closed_on=today, outcome=ending.outcome, outcome_words=ending.words, version=F("version") + 1
    )
    discard_draft(by=by, token=draft)
    record("plan.closed", by=by, obj=plan)


def record_opening(plan: ActionPlan, *, by: User) -> None:
    """One plan was opened on its page."""
    record("plan.opened", by=by, obj=plan)


def _step_of_session(step: PlanStep) -> QuerySet[NextStep]:
    """The step of a 1:1 that goes on here, as far as whoever acts may change it."""
    return NextStep.objects.filter(pk__in=[step.from_step_id] if step.from_step_id else [])


@transaction.atomic
def finish_step(*, by: User, step: PlanStep) -> None:
    """Tick a step off today; ticking twice keeps the first day. The step of a 1:1 that went on here is done as well."""
    today = timezone.localdate()
    if PlanStep.objects.filter(pk=step.pk, outcome="").update(outcome=StepEnd.DONE, ended_on=today):
        _step_of_session(step).filter(done_on=None).update(done_on=today)
        record("plan_step.done", by=by, obj=step)
    step.refresh_from_db()


def reopen_step(*, by: User, step: PlanStep) -> None:
    """Undo the tick, or "no longer needed"; ClosedError where the plan is closed."""
    try:
        with transaction.atomic():
            if PlanStep.objects.filter(pk=step.pk).exclude(outcome="").update(outcome="", ended_on=None):
                _step_of_session(step).filter(done_on=step.ended_on).update(done_on=None)
                record("plan_step.reopened", by=by, obj=step)
    except IntegrityError as error:
        raise ClosedError from error
    step.refresh_from_db()


@transaction.atomic
def update_step(*, by: User, step: PlanStep, words: str, due_on: dt.date, not_needed: bool = False) -> None:
    """Say how an open step is going, move its day, or that it is no longer needed (`words` say why)."""
    saved = PlanStep.objects.filter(pk=step.pk, outcome="")
    end = {"outcome": StepEnd.NOT_NEEDED, "ended_on": timezone.localdate()} if not_needed else {}
    if saved.update(words=words, **end, **({} if not_needed else _new_day(step, due_on))):
        record("plan_step.changed", by=by, obj=step, moved=not not_needed and step.due_on != due_on)
    step.refresh_from_db()
