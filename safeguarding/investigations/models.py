"""Investigations of bullying and other behaviour: only added to. Who reads what: docs/decisions/0014.

What somebody wrote is sealed with the investigation’s own key, which lies under the key of each student named in it.
Where it stands no form says: PostgreSQL notes it when the entry comes that says so (migration 0002).
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import School, User
from core.encryption import SealedField
from safeguarding.investigations.enums import Entry, Kind, Part, Status, Written
from safeguarding.models import Secret
from students.models import Student


class Investigation(Secret):
    """One thing that is looked into, in the hands of whoever opened it."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submission = models.UUIDField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    happened_on = models.DateField("day", null=True, blank=True)
    opened_at = models.DateTimeField(editable=False)
    # Noted by PostgreSQL when such an entry comes.
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.OPEN, editable=False)
    found_at = models.DateTimeField("finding made", null=True, editable=False)
    closed_at = models.DateTimeField("closed", null=True, editable=False)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["lead", "status"], name="investigation_of_lead"),
            models.Index(fields=["school", "-opened_at"], name="investigation_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, opened {self.opened_at:%d %b %Y}"

    @property
    def cannot_find(self) -> str:
        """Why no finding can be made now; "" where it can. PostgreSQL has the last word."""
        if self.status != Status.OPEN:
            return "There is a finding. Open it again, if it has to be looked into once more."
        waiting = self.statements.filter(in_at=None, let_go_at=None).exists()
        return "Statements are still to come: no finding before all are in, or let go." if waiting else ""

    @property
    def cannot_close(self) -> str:
        """Why it cannot be closed now; "" where it can."""
        if self.status != Status.FOUND:
            return "There is no finding that stands."
        waiting = self.follow_ups.filter(answered_at=None, left_out_at=None).exists()
        return "Follow-ups are still to come: answer both, or leave them out with the reason." if waiting else ""

    @property
    def reference(self) -> str:
        """What two colleagues say to each other without naming a child."""
        return self.id.hex[:6].upper()


class Party(Secret):
    """Somebody in it: a student, a colleague who saw it or told us, or somebody whose name only stands in the words."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="parties")
    part = models.CharField("what they have to do with it", max_length=10, choices=Part.choices)
    student = models.ForeignKey(Student, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["student"], name="party_by_student")]
        constraints = [
            models.UniqueConstraint(fields=["investigation", "student"], name="party_student_once"),
            models.UniqueConstraint(fields=["investigation", "staff"], name="party_staff_once"),
            models.CheckConstraint(
                condition=Q(staff=None) | Q(student=None, part__in=[Part.WITNESS, Part.REPORTER]),
                name="party_staff_only_saw",
            ),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="party_part_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.student_id or self.staff_id}"


class InvestigationKey(Secret):
    """The investigation’s key under one student’s key. Without a history, like a concern’s."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="keys")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["investigation", "student"], name="investigation_key_once")]

    def __str__(self) -> str:
        return f"Key of {self.investigation_id}"


class InvestigationEntry(Secret):
    """What somebody wrote on it. Never changed, never taken away: a correction is another one."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Entry.choices)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(editable=False)
    statement = models.ForeignKey("Statement", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    follow_up = models.ForeignKey("FollowUp", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["investigation", "written_at"], name="investigation_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Entry.LET_GO, statement__isnull=False) | (~Q(kind=Entry.LET_GO) & Q(statement=None)),
                name="investigation_lets_one_go",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[Entry.FOLLOWED, Entry.DROPPED], follow_up__isnull=False)
                | (~Q(kind__in=[Entry.FOLLOWED, Entry.DROPPED]) & Q(follow_up=None)),
                name="investigation_follows_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.written_at:%d %b %Y}"


class Statement(Secret):
    """That somebody in it is asked for a statement; one more is asked for one word more.

    Its key lies under the investigation’s. Whose it is and whether it came, PostgreSQL notes (migration 0004).
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="statements")
    investigation = models.ForeignKey(
        Investigation, on_delete=models.PROTECT, related_name="statements", editable=False
    )
    staff = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(editable=False)
    wrapped = models.BinaryField()
    question = models.BinaryField()
    in_at = models.DateTimeField("came", null=True, editable=False)
    let_go_at = models.DateTimeField("will not come", null=True, editable=False)

    class Meta:
        ordering = ["asked_at"]
        indexes = [
            models.Index(fields=["investigation"], name="statement_of"),
            models.Index(fields=["staff"], condition=Q(in_at=None, let_go_at=None), name="statement_waits_for"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(in_at=None) | Q(let_go_at=None), name="statement_came_or_not"),
        ]

    def __str__(self) -> str:
        return f"Statement asked {self.asked_at:%d %b %Y}"

    @property
    def waits(self) -> bool:
        return self.in_at is None and self.let_go_at is None


class StatementKey(Secret):
    """A statement’s key under the ring, for a colleague who has no other; gone once it came."""

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="key")
    under_ring = SealedField()

    def __str__(self) -> str:
        return f"Key of {self.statement_id}"


class StatementWords(Secret):
    """What somebody said, for good. Shown to nobody before each statement that was asked for came, or will not."""

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="said")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(editable=False)
    how = models.CharField(max_length=5, choices=Written.choices)
    words = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.get_how_display()}, {self.written_at:%d %b %Y}"


class FollowUp(Secret):
    """To ask whether it stopped: made with the finding, and answered or left out by an entry (migration 0006)."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="follow_ups")
    weeks = models.PositiveSmallIntegerField("weeks after the finding")
    due_on = models.DateField("due")
    answered_at = models.DateTimeField("answered", null=True, editable=False)
    left_out_at = models.DateTimeField("left out", null=True, editable=False)

    class Meta:
        ordering = ["due_on"]
        indexes = [
            models.Index(
                fields=["investigation", "due_on"], condition=Q(answered_at=None, left_out_at=None),
                name="follow_up_waiting",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"After {self.weeks} weeks"

    @property
    def waits(self) -> bool:
        return self.answered_at is None and self.left_out_at is None

    @property
    def is_due(self) -> bool:
        return self.waits and self.due_on <= timezone.localdate()
