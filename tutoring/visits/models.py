"""A visit at a student's home, with the timer of whoever goes: out, expected back, back."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audit.history import keep_history
from core.models import Record
from students.models import Student
from tutoring.visits.enums import Seen, State

_STAFF = settings.AUTH_USER_MODEL


@keep_history()
class HomeVisit(Record):
    """Planned as it stays; then out and back, each once. No address is copied: it stands with the contacts.

    `told` is who acts when nobody came back by `back_by`. An alarm is taken (`…_taken_at`) before it is mailed and
    noted (`told_at`, `heads_told_at`) after: two workers never send the same, and none is lost with a worker.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="home_visits")
    visitor = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="visits_made")
    companion = models.ForeignKey(_STAFF, null=True, blank=True, on_delete=models.PROTECT, related_name="visits_joined")
    told = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="visits_told")
    submission = models.UUIDField(unique=True)
    leaves_at = models.DateTimeField()
    back_by = models.DateTimeField("expected back by")
    known_risk = models.BooleanField("anything known about the household or dogs")
    known_risk_note = models.CharField(max_length=300, blank=True)
    somebody_knows = models.BooleanField("somebody knows where")
    somebody_knows_note = models.CharField(max_length=300, blank=True)
    phone_charged = models.BooleanField("phone charged")
    phone_charged_note = models.CharField(max_length=300, blank=True)
    note = models.TextField("before going", max_length=1_000, blank=True)
    # For the alarm's mail, which a job writes: it knows no request.
    site = models.URLField("address of this Waymark", max_length=200, blank=True, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)
    cancelled = models.BooleanField(default=False)
    out_at = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)
    child_seen = models.CharField(max_length=10, choices=Seen.choices, default=Seen.UNSAID, blank=True)
    who_was_there = models.CharField(max_length=300, blank=True)
    told_taken_at = models.DateTimeField(null=True, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)
    heads_taken_at = models.DateTimeField(null=True, editable=False)
    heads_told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["back_by"]
        indexes = [
            models.Index(
                fields=["back_by"], condition=Q(out_at__isnull=False, back_at=None), name="visit_somebody_is_out"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(back_by__gt=F("leaves_at")), name="visit_back_after_leaving"),
            models.CheckConstraint(
                condition=Q(back_at=None) | Q(out_at__isnull=False, back_at__gte=F("out_at")),
                name="visit_times_go_forwards",
            ),
            models.CheckConstraint(condition=Q(cancelled=False) | Q(out_at=None), name="visit_cancelled_before_out"),
            models.CheckConstraint(
                condition=Q(child_seen="", who_was_there="") | (~Q(child_seen="") & Q(back_at__isnull=False)),
                name="visit_seen_once_back",
            ),
            # Somebody who stays at school is told.
            models.CheckConstraint(condition=~Q(told=F("visitor")), name="visit_told_is_not_visitor"),
            models.CheckConstraint(
                condition=Q(companion=None) | (~Q(companion=F("visitor")) & ~Q(companion=F("told"))),
                name="visit_companion_is_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"Home visit of {timezone.localtime(self.leaves_at):%-d %B %Y}"

    @property
    def state(self) -> State:
        """Where it stands at this moment."""
        if self.cancelled:
            return State.CANCELLED
        if self.back_at:
            return State.BACK
        if self.out_at:
            return State.OVERDUE if self.back_by < timezone.now() else State.OUT
        return State.PLANNED

    @property
    def is_over(self) -> bool:
        """Planned for a time that has gone by: nobody leaves on it any more."""
        return self.state == State.PLANNED and self.back_by < timezone.now()

    @property
    def day(self) -> dt.date:
        """The day at school on which it leaves."""
        return timezone.localdate(self.leaves_at)

    @property
    def minutes(self) -> int | None:
        """How long it took, once back."""
        return round((self.back_at - self.out_at).total_seconds() / 60) if self.out_at and self.back_at else None
