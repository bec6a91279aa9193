"""Classes of records and the years they are kept, what holds a file, its reviews, what remains once it is destroyed.

A child's file is one thing here: what hangs on the child's key. It goes as a whole or not at all, so the class that
keeps longest says when. Nothing here tells of what is on it; reasons hang on the ring, as they outlive the file.
"""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import School, User
from core.encryption import SealedField
from safeguarding.models import Secret
from safeguarding.retention.enums import Covers, Decision, Trigger
from students.models import Student

MOST_YEARS = 120


class RetentionClass(Secret):
    """How long the school keeps such records, from what day on, and on whose word. Each school has all four."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    covers = models.CharField("which records", max_length=10, choices=Covers.choices, editable=False)
    trigger = models.CharField("counted", max_length=10, choices=Trigger.choices)
    years = models.PositiveSmallIntegerField("years", validators=[MaxValueValidator(MOST_YEARS)])
    source = models.CharField("where the rule comes from", max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "covers"], name="retention_class_once")]

    def __str__(self) -> str:
        return str(self.get_covers_display())


class Hold(Secret):
    """Nothing of this child's file is destroyed while it stands: a claim, an inquiry, a request. Never changed."""

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    why = SealedField()

    class Meta:
        indexes = [models.Index(fields=["student"], name="hold_of")]

    def __str__(self) -> str:
        return f"Hold of {self.placed_at:%d %b %Y}"


class HoldEnd(Secret):
    """A hold was lifted, by whom and why. A row of its own, so that the hold itself stays as it was written."""

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="end")
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(default=timezone.now, editable=False)
    why = SealedField()

    def __str__(self) -> str:
        return f"Lifted on {self.lifted_at:%d %b %Y}"


class Review(Secret):
    """Somebody looked at a file and decided: kept until a further day, or proposed to be destroyed. Never changed.

    Which class says when, its day, and a digest of what was on the file are noted by PostgreSQL at that moment.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    until = models.DateField("kept until", null=True, blank=True)
    covers = models.CharField("by which class", max_length=10, choices=Covers.choices, blank=True, editable=False)
    due_on = models.DateField("its day", null=True, blank=True, editable=False)
    mark = models.CharField(
        "what was on it, as a digest", max_length=32, blank=True, default="", db_default="", editable=False
    )
    why = SealedField()
    early_why = SealedField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["student", "-at"], name="review_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision=Decision.KEEP, until__isnull=False, early_why=None)
                | Q(decision=Decision.DESTROY, until=None),
                name="review_keeps_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"Review of {self.at:%d %b %Y}"


class Withdrawal(Secret):
    """A proposal that is not carried out: taken back by whoever made it, or refused by somebody else."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    why = SealedField()

    def __str__(self) -> str:
        return f"Not carried out, {self.at:%d %b %Y}"


class Certificate(Secret):
    """What remains: whose file, how much of what, by which class and day, by which two. Made by PostgreSQL alone."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="certificate")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    covers = models.CharField("by which class", max_length=10, choices=Covers.choices)
    due_on = models.DateField("its day", null=True)
    early = models.BooleanField("before its day")
    concerns = models.PositiveIntegerField()
    shared = models.PositiveIntegerField("concerns that stay for other children")
    entries = models.PositiveIntegerField()
    files = models.PositiveIntegerField()
    force = models.PositiveIntegerField("records of force")
    standings = models.PositiveIntegerField()
    lines = models.PositiveIntegerField("lines to staff")

    class Meta:
        indexes = [models.Index(fields=["student"], name="certificate_of")]
        constraints = [
            models.CheckConstraint(condition=~Q(approved_by=F("proposed_by")), name="certificate_by_two_people"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What two people say to each other when they mean the same one."""
        return self.id.hex[:8].upper()
