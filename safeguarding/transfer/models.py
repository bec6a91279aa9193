"""A child's file on its way to the next school. What names a school or a person is sealed under the key ring: the
receipt and an index outlive the file itself (facts of the trade: keep both, whatever becomes of the copy).
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from audit.history import keep_history
from core.encryption import SealedField
from safeguarding.models import Secret
from safeguarding.transfer.enums import Basis, Method, Stage
from students.models import Student


@keep_history(exclude=("to", "why_not", "reopened_why", "receipt", "copy_basis"))
class Transfer(Secret):
    """One child who left, where the file goes, and whether it came. Begun by a lead; due with or without this row."""

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    left_on = models.DateField("last day here")
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    due_on = models.DateField("to be there by")
    to = SealedField(null=True, blank=True)
    method = models.CharField("how it went", max_length=15, choices=Method.choices, blank=True)
    package = models.OneToOneField("Package", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    receipt_on = models.DateField("received there on", null=True, blank=True)
    receipt = SealedField(null=True, blank=True)
    receipt_noted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    copy_kept = models.BooleanField("a copy is kept here", null=True, blank=True)
    copy_basis = SealedField(null=True, blank=True)
    copy_until = models.DateField("until", null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reopened_why = SealedField(null=True, blank=True)
    why_not = SealedField(null=True, blank=True)
    not_sent_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "left_on"], name="transfer_once_per_leaving"),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_by=None, package=None, method="")
                | (Q(sent_at__isnull=False, sent_by__isnull=False, package__isnull=False) & ~Q(method="")),
                name="transfer_sent_whole",
            ),
            models.CheckConstraint(
                condition=Q(receipt_on=None) | Q(sent_at__isnull=False, receipt__isnull=False),
                name="transfer_receipt_of_something",
            ),
            models.CheckConstraint(condition=Q(not_sent_by=None) | Q(sent_at=None), name="transfer_sent_or_not"),
        ]

    def __str__(self) -> str:
        return f"Transfer after {self.left_on:%d %b %Y}"

    @property
    def stage(self) -> Stage:
        """Sent without a receipt stays open."""
        if self.not_sent_by_id:
            return Stage.NOT_SENT
        if self.sent_at is None:
            return Stage.DUE
        return Stage.SENT if self.receipt_on is None else Stage.DONE


class Package(Secret):
    """That a sealed package was made: what is in it and its digest. The package itself is kept nowhere."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="packages")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    manifest_sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField()
    concerns = models.PositiveIntegerField()
    entries = models.PositiveIntegerField()
    force = models.PositiveIntegerField("entries of records of force", default=0)
    lines = models.PositiveIntegerField("lines to staff", default=0)
    files = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField("bytes")

    class Meta:
        indexes = [models.Index(fields=["transfer", "-made_at"], name="package_newest")]

    def __str__(self) -> str:
        return f"Package of {self.made_at:%d %b %Y}"


class Chaser(Secret):
    """Somebody asked after the receipt, and what was said."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="chasers")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    words = SealedField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"Asked on {self.at:%d %b %Y}"
