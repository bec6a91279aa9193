"""The truth of a report run: one batch, one item a student; Celery only rings the bell."""

from django.db import models

from accounts.models import School, User
from core.models import Record
from reports.enums import BatchState, ItemState
from students.models import Student, Term
from tutoring.groups.models import TutorGroup


class ReportBatch(Record):
    """A term's reports for chosen groups, asked for by one person and made with that person's rights."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="report_batches")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="report_batches")
    groups = models.ManyToManyField(TutorGroup, blank=True, related_name="report_batches")
    requested_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="report_batches")
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.term}, {self.created_at:%d %b %Y %H:%M}"


class ReportItem(Record):
    """One student's report. `attempts` is the fencing number: a result counts only for the attempt that made it.

    `failures` counts renderings that went wrong, `losses` workers that died over it: only the first are its own fault.
    """

    batch = models.ForeignKey(ReportBatch, on_delete=models.CASCADE, related_name="items")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="report_items")
    group_name = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    losses = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]  # made in the order in which they are printed: by year, group and name
        constraints = [models.UniqueConstraint(fields=["batch", "student"], name="one_report_per_student_and_batch")]
        indexes = [models.Index(fields=["batch", "state"], name="item_by_state")]

    def __str__(self) -> str:
        return f"{self.student}: {self.get_state_display()}"
