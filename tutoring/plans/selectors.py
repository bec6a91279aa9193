"""Which plans there are, what of them is due, and what a plan said before."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet, SmallIntegerField, TextField, Value
from django.db.models.functions import Cast, Coalesce

from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from core.whole_days import whole_days
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.plans.models import ActionPlan, Barrier, PlanReview, PlanStep


def plans_readable() -> QuerySet[ActionPlan]:
    """What whoever acts may read; the database says which (migration 0002)."""
    return ActionPlan.objects.all()


def plans_changeable(user: User) -> QuerySet[ActionPlan]:
    """Plans of students for whom this person makes plans."""
    return plans_with_details(plans_readable().filter(student__in=students_visible_to(user, Permission.MAKE_PLAN)))


def plans_with_details(plans: QuerySet[ActionPlan]) -> QuerySet[ActionPlan]:
    """The same plans with all that their page shows: five queries."""
    steps = Prefetch("steps", PlanStep.objects.select_related("owner_staff", "student"))
    reviews = Prefetch("reviews", PlanReview.objects.select_related("by"))
    return plans.select_related("student__school", "made_by").prefetch_related("barriers", "targets", steps, reviews)


def plans_of_student(student: Student) -> list[ActionPlan]:
    """All of one student's plans, open ones first, then the latest, with what their cards show."""
    counted = plans_readable().annotate(
        open_steps=Count("steps", filter=Q(steps__outcome=""), distinct=True),
        all_steps=Count("steps", distinct=True),
    )
    plans = counted.filter(student=student).select_related("made_by").prefetch_related("barriers", "targets")
    return sorted(plans, key=lambda plan: not plan.is_open)


def steps_readable() -> QuerySet[PlanStep]:
    """Steps of readable plans, and those that whoever acts has to do (of such a plan the step only)."""
    return PlanStep.objects.select_related("student", "owner_staff")


def steps_open() -> QuerySet[PlanStep]:
    """Of these, the ones that have not ended."""
    return PlanStep.objects.filter(outcome="")


def open_counts(students: Collection[UUID], today: dt.date) -> QuerySet[PlanStep, tuple[UUID, int, int]]:
    """(student, open steps of plans, overdue ones among them); who has none is missing."""
    rows = steps_open().filter(student__in=students).order_by().values_list("student_id")
    return rows.annotate(number=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))


def steps_going_on() -> QuerySet[PlanStep, Any]:
    """Keys of the steps of 1:1s that go on as a step of a plan: they are told once, as that."""
    return PlanStep.objects.filter(from_step__isnull=False).order_by().values("from_step_id")


def plans_under_way(student: Student) -> list[ActionPlan]:
    """One student's open plans with their targets, the next to be reviewed first: two queries."""
    plans = plans_readable().filter(student=student, closed_on=None)
    return list(plans.prefetch_related("targets").order_by("review_on", "pk"))


def steps_told(student: Student, *, before: dt.date, today: dt.date, least: int) -> QuerySet[PlanStep]:
    """Steps of plans that ended before that day, or that were due before it and are late: whole days, latest first."""
    told = Q(ended_on__lt=before) | Q(outcome="", due_on__lt=min(today, before))
    steps = steps_readable().filter(told, student=student).annotate(told_on=Coalesce("ended_on", "due_on"))
    return whole_days(steps, "told_on", least).order_by("-told_on", "pk")


def barriers_of(school: School | None) -> QuerySet[Barrier]:
    """The school's own list, also what is no longer offered; of no school: the common one."""
    return Barrier.objects.filter(school=school)


def barriers_listed(school: School) -> QuerySet[Barrier]:
    """The school's own list, or the common one where it keeps none."""
    own = barriers_of(school)
    return own if own.exists() else barriers_of(None)


def barriers_named(school: School) -> QuerySet[Barrier]:
    """All that could ever stand on a plan here: the school's own, and the common ones."""
    return Barrier.objects.filter(Q(school=school) | Q(school=None))


def barriers_offered(school: School, plan: ActionPlan | None = None) -> list[Barrier]:
    """The school's own list, or the common one where it keeps none; and what this plan names already."""
    named = {barrier.pk for barrier in plan.barriers.all()} if plan else set()
    rows = list(barriers_named(school))
    own = [barrier for barrier in rows if barrier.school_id]
    return [b for b in rows if b.pk in named or (b.is_active and (not own or b.school_id))]


@dataclass(frozen=True)
class Moment:
    """A plan that was made, reviewed or closed on a day; `rating` where it was said how it went."""

    kind: str
    day: dt.date
    plan_id: UUID
    title: str
    who: str
    words: str
    rating: int | None


def moments_of_student(student: Student, before: dt.date, least: int) -> list[Moment]:
    """The latest of them before that day, of each kind by whole days, in one query."""
    plans, reviews = plans_readable().filter(student=student).order_by(), PlanReview.objects.filter(student=student)
    begun = whole_days(plans.filter(started_on__lt=before), "started_on", least)
    made = _moments(begun, "made", "started_on", "pk", "title", "made_by", "", "")
    over = whole_days(plans.filter(closed_on__lt=before), "closed_on", least)
    closed = _moments(over, "closed", "closed_on", "pk", "title", "", "outcome_words", "outcome")
    held = whole_days(reviews.filter(held_on__lt=before).order_by(), "held_on", least)
    reviewed = _moments(held, "reviewed", "held_on", "plan_id", "plan__title", "by", "words", "rating")
    rows = made.union(closed, reviewed, all=True).order_by("-day")
    return [
        Moment(kind, day, plan, title, f"{first} {last}".strip(), words, rating)
        for kind, day, plan, title, first, last, words, rating in rows
    ]


def _moments(
    rows: QuerySet[Any], kind: str, day: str, plan: str, title: str, who: str, words: str, rating: str
) -> QuerySet[Any, tuple[Any, ...]]:
    """Annotations, so that the union can be ordered by name."""
    blank = Value("", TextField())
    columns: dict[str, Any] = {
        "moment": Value(kind, TextField()),
        "day": F(day),
        "of": F(plan),
        "said": Cast(F(title), TextField()),
        "first": Cast(F(f"{who}__first_name"), TextField()) if who else blank,
        "last": Cast(F(f"{who}__last_name"), TextField()) if who else blank,
        "told": F(words) if words else blank,
        "rated": F(rating) if rating else Value(None, SmallIntegerField()),
    }
    found: QuerySet[Any, tuple[Any, ...]] = rows.annotate(**columns).values_list(*columns)
    return found
