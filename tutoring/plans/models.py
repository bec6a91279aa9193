"""What was planned with a student, who does what by when, how it went."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import House, School, User
from audit.history import keep_history
from core.models import Record
from students.due import OFTEN_MOVED
from students.models import Student
from tutoring.plans.enums import Area, Rating, Rhythm, Sharing, StepEnd
from tutoring.sessions.enums import Owner
from tutoring.sessions.models import NextStep, TutorSession


def rating_field(label: str) -> "models.SmallIntegerField[int | None, int | None]":
    """−2 to +2, empty until somebody says."""
    return models.SmallIntegerField(label, null=True, blank=True, choices=Rating.choices)


def _rated(name: str) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (-2, 2)})


class Barrier(Record):
    """Something that is in the way. Rows without a school are offered to every school that keeps no list of its own."""

    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="barriers")
    name = models.CharField(max_length=80)
    area = models.CharField(max_length=20, choices=Area.choices)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField("offered", default=True)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], name="barrier_once_a_school", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name


@keep_history()
class ModelPlan(Record):
    """A plan to begin from, about no student: what it is for, and what may go into a plan.

    Barriers stand by name, so that they outlive a school's change to a list of its own. `targets` is a list of
    {text, sign}, `steps` of {text, owner, days} (days after the plan's first day): one row is one version.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="model_plans")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="model_plans")
    title = models.CharField("what it is called", max_length=160)
    purpose = models.TextField("what it is for", max_length=500)
    barriers = ArrayField(models.CharField(max_length=80), blank=True, default=list)
    strengths = models.TextField("strengths to look for", max_length=500, blank=True)
    targets = models.JSONField(default=list, blank=True)
    steps = models.JSONField(default=list, blank=True)
    why = models.TextField("why we think this works", max_length=1_000, blank=True)
    sharing = models.CharField("who may use it", max_length=6, choices=Sharing.choices, default=Sharing.MINE)
    house = models.ForeignKey(House, null=True, blank=True, on_delete=models.PROTECT, related_name="model_plans")
    is_active = models.BooleanField("offered", default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sharing=Sharing.HOUSE, house__isnull=False) | (~Q(sharing=Sharing.HOUSE) & Q(house=None)),
                name="model_plan_house_named",
            )
        ]

    def __str__(self) -> str:
        return self.title


@keep_history()
class ActionPlan(Record):
    """A plan made with one student. Open until `closed_on`; closing gives every part of it an outcome.

    `submission` comes from the form, so that one form sent twice makes one plan.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="plans")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="plans_made")
    submission = models.UUIDField(unique=True)
    from_session = models.ForeignKey(
        TutorSession, null=True, blank=True, on_delete=models.PROTECT, related_name="plans"
    )
    from_model = models.ForeignKey(ModelPlan, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    from_model_version = models.PositiveIntegerField(null=True, blank=True)
    title = models.CharField("what this plan is for", max_length=160)
    barriers = models.ManyToManyField(Barrier, blank=True, through="PlanBarrier", related_name="plans")
    strengths = models.TextField("strengths to build on", max_length=2_000, blank=True)
    student_words = models.TextField("in the student's own words", max_length=5_000, blank=True)
    started_on = models.DateField("from", default=timezone.localdate)
    review_on = models.DateField("next review")
    student_agreed_on = models.DateField("the student agreed on", null=True, blank=True)
    student_agreed_how = models.CharField("how", max_length=200, blank=True)
    home_agreed_on = models.DateField("home agreed on", null=True, blank=True)
    home_agreed_how = models.CharField("who, and how", max_length=200, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    outcome = rating_field("how it went")
    outcome_words = models.TextField("what changed", max_length=2_000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField("last changed", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-started_on", "-created_at"]
        indexes = [
            models.Index(fields=["student", "-started_on"], name="plan_student_day"),
            models.Index(fields=["student", "review_on"], condition=Q(closed_on=None), name="plan_open_review"),
        ]
        constraints = [
            models.CheckConstraint(condition=_rated("outcome"), name="plan_outcome_range"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(outcome__isnull=False), name="plan_closed_with_outcome"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def review_is_due(self) -> bool:
        """Whether the day of the next review has come."""
        return self.is_open and self.review_on <= timezone.localdate()

    def changed_since(self, day: dt.date | None) -> bool:
        """Whether what was agreed on that day reads otherwise now."""
        return bool(day and self.changed_at and timezone.localdate(self.changed_at) > day)

    @property
    def student_agreed_to_other_words(self) -> bool:
        return self.changed_since(self.student_agreed_on)

    @property
    def home_agreed_to_other_words(self) -> bool:
        return self.changed_since(self.home_agreed_on)


class OfPlan(Record):
    """Part of a plan; its student is the plan's, so that policies ask about the row alone."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE)
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


@keep_history()
class PlanBarrier(OfPlan):
    """What is in the way of this student, in the school's words."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="named_barriers")
    barrier = models.ForeignKey(Barrier, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "barrier"], name="plan_barrier_once")]

    def __str__(self) -> str:
        return str(self.barrier)


@keep_history()
class PlanTarget(OfPlan):
    """What will be different, in words the student would use, and how everybody will know."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="targets")
    text = models.CharField("target", max_length=300)
    sign = models.CharField("how we will know", max_length=300, blank=True)
    rhythm = models.CharField(
        "how often", max_length=4, choices=Rhythm.choices, default=Rhythm.ONCE, blank=True, db_default=""
    )
    position = models.PositiveSmallIntegerField(default=0)
    result = rating_field("how it went")

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=_rated("result"), name="plan_target_result_range")]

    def __str__(self) -> str:
        return self.text


@keep_history()
class HabitCheck(Record):
    """Whether a habit was kept on a school day, or in the week of that Monday: one tap, put right with another."""

    target = models.ForeignKey(PlanTarget, on_delete=models.CASCADE, related_name="checks")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    kept = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["target", "day"], name="habit_said_once_a_day")]

    def __str__(self) -> str:
        return f"{'Kept' if self.kept else 'Not kept'} on {self.day:%d %b %Y}"


@keep_history()
class PlanStep(OfPlan):
    """Something one person does by a day. It is never removed: it is done, not done, or no longer needed, and says so.

    `from_step` is the step of the 1:1 that goes on here; that one may be gone, so nothing holds it in place.
    `owner_agreed_on` is the day on which the colleague it was given to said that they do it: PostgreSQL takes nobody
    else's word, and drops it where the step says something else or goes to somebody else (duty 25).
    """

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="steps")
    text = models.CharField("what", max_length=300)
    owner = models.CharField("who", max_length=10, choices=Owner.choices, default=Owner.STUDENT)
    owner_staff = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="plan_steps")
    owner_agreed_on = models.DateField("the colleague who does it agreed on", null=True, blank=True)
    due_on = models.DateField("by")
    times_moved = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField("what became of it", max_length=10, choices=StepEnd.choices, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    words = models.CharField("how it is going", max_length=300, blank=True)
    from_step = models.ForeignKey(
        NextStep, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="plan_steps"
    )

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["student", "due_on"], condition=Q(outcome=""), name="plan_step_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", ended_on=None) | (~Q(outcome="") & Q(ended_on__isnull=False)),
                name="plan_step_ends_with_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=StepEnd.NOT_NEEDED) | ~Q(words=""), name="plan_step_not_needed_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def done_on(self) -> dt.date | None:
        """As a step of a 1:1 says it, where both stand in one list."""
        return self.ended_on if self.outcome == StepEnd.DONE else None

    @property
    def days_late(self) -> int:
        """Days since it was due, 0 where it has ended or is not yet due."""
        return max(0, (timezone.localdate() - self.due_on).days) if self.is_open else 0

    @property
    def is_overdue(self) -> bool:
        return self.days_late > 0

    @property
    def often_moved(self) -> bool:
        return self.is_open and self.times_moved >= OFTEN_MOVED


@keep_history()
class PlanReview(OfPlan):
    """How it goes, said on a day, and when to look again; it stays as it was said."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="reviews")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="plan_reviews")
    submission = models.UUIDField(unique=True)
    held_on = models.DateField("when", default=timezone.localdate)
    rating = models.SmallIntegerField("how it is going", choices=Rating.choices)
    words = models.TextField("what we found", max_length=2_000)
    next_on = models.DateField("next review")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-held_on", "-created_at"]
        constraints = [models.CheckConstraint(condition=Q(rating__range=(-2, 2)), name="plan_review_rating_range")]

    def __str__(self) -> str:
        return f"Review on {self.held_on:%d %b %Y}"
