"""What several students get together: planned, held meeting by meeting, evaluated with an outcome for each of them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import School
from audit.history import keep_history
from core.models import Record
from students.models import Student
from tutoring.interventions.enums import Decision
from tutoring.plans.enums import Rating
from tutoring.plans.models import Barrier, rating_field

_STAFF = settings.AUTH_USER_MODEL


def _number(label: str, most: int, default: int) -> "models.PositiveSmallIntegerField[int, int]":
    """From 1 to `most`."""
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MinValueValidator(1), MaxValueValidator(most)]
    )


def _measured(label: str) -> "models.DecimalField[Decimal | str | None, Decimal | None]":
    """As the measure gives it; empty until somebody measures."""
    return models.DecimalField(label, max_digits=7, decimal_places=2, null=True, blank=True)


@keep_history()
class Intervention(Record):
    """Who leads what, for how long and how much; about no student by itself. Open until `closed_on`.

    `measure` names what is measured at entry and exit ("reading age, years"); empty where only the outcome is said.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="interventions")
    made_by = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="interventions_made")
    submission = models.UUIDField(unique=True)
    name = models.CharField(max_length=120)
    about = models.TextField("what it is, and why", max_length=2_000)
    barrier = models.ForeignKey(Barrier, null=True, blank=True, on_delete=models.PROTECT, related_name="interventions")
    lead = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="interventions_led")
    helpers: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        _STAFF, blank=True, through="Helper", related_name="interventions_helped"
    )
    starts_on = models.DateField("from", default=timezone.localdate)
    ends_on = models.DateField("until")
    weekly = _number("sessions a week", 10, 2)
    minutes = _number("minutes each", 240, 30)
    weeks = _number("school weeks", 52, 6)
    measure = models.CharField("what is measured at entry and exit", max_length=80, blank=True)
    worked = models.TextField("what worked", max_length=2_000, blank=True)
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.OPEN, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["ends_on", "name"]
        indexes = [
            models.Index(fields=["lead", "ends_on"], condition=Q(closed_on=None), name="intervention_to_evaluate")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="intervention_ends_after_start"),
            models.CheckConstraint(
                condition=Q(weekly__range=(1, 10), minutes__range=(1, 240), weeks__range=(1, 52)),
                name="intervention_dose",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, decision="") | (Q(closed_on__isnull=False) & ~Q(decision="")),
                name="intervention_closed_with_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def is_overdue(self) -> bool:
        """Its last day is past, and nobody has said what came of it."""
        return self.is_open and self.ends_on < timezone.localdate()

    @property
    def planned(self) -> int:
        """Sessions in all."""
        return self.weekly * self.weeks

    @property
    def planned_minutes(self) -> int:
        return self.planned * self.minutes


class Helper(Record):
    """Who helps to run it: logs meetings of it, like the lead."""

    intervention = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="helping")
    user = models.ForeignKey(_STAFF, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intervention", "user"], name="helper_once")]

    def __str__(self) -> str:
        return str(self.user)


@keep_history()
class Member(Record):
    """One student in it, with days of their own: seen as a plan of theirs is. It ends with an outcome."""

    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="members")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="interventions")
    starts_on = models.DateField("from", default=timezone.localdate)
    ends_on = models.DateField("left on", null=True, blank=True)
    left_why = models.CharField("why they left early", max_length=300, blank=True)
    entry = _measured("at entry")
    exit = _measured("at exit")
    outcome = rating_field("how it went")
    outcome_words = models.TextField("what changed", max_length=1_000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["student__preferred_surname", "student__preferred_forename", "id"]
        constraints = [
            models.UniqueConstraint(fields=["intervention", "student"], name="member_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None, left_why="") | (Q(ends_on__gte=F("starts_on")) & ~Q(left_why="")),
                name="member_leaves_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(outcome=None) | Q(outcome__range=(-2, 2)), name="member_outcome_range"),
        ]

    def __str__(self) -> str:
        return f"Since {self.starts_on:%d %b %Y}"

    def is_in_it_on(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    @property
    def change(self) -> Decimal | None:
        """Exit less entry, as the measure counts."""
        return None if self.entry is None or self.exit is None else self.exit - self.entry

    @property
    def outcome_label(self) -> str:
        return Rating(self.outcome).label if self.outcome is not None else ""


@keep_history()
class Sitting(Record):
    """One time they met. The note is about the group: whoever sees one of its students may read it."""

    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="meetings")
    by = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="intervention_meetings")
    submission = models.UUIDField(unique=True)
    held_on = models.DateField("day", default=timezone.localdate)
    minutes = _number("minutes", 240, 30)
    note = models.CharField("about the group", max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-held_on", "-created_at"]
        indexes = [models.Index(fields=["intervention", "-held_on"], name="sitting_of_intervention")]
        constraints = [models.CheckConstraint(condition=Q(minutes__range=(1, 240)), name="sitting_minutes")]

    def __str__(self) -> str:
        return f"{self.held_on:%d %b %Y}"


@keep_history()
class Dose(Record):
    """Whether one student came to one meeting, and the minutes they had of it."""

    meeting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="presences")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="presences")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    came = models.BooleanField("came", default=True)
    minutes = models.PositiveSmallIntegerField("minutes they had", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="dose_once"),
            models.CheckConstraint(
                condition=Q(came=False, minutes=0) | Q(came=True, minutes__range=(1, 240)), name="dose_minutes"
            ),
        ]

    def __str__(self) -> str:
        return "came" if self.came else "did not come"
