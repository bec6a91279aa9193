"""What a concern waits for: days, owners and codes, which the desk sorts by. Every word of it is an entry on the file.

So one row says that something is due and when; what it is, what was shared and what came of it stands in entries that
carry its key, sealed with the concern's own, never changed, behind the note that they are opened (decision 0011).
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from audit.history import keep_history
from safeguarding.case.enums import Agency, DueKind, Ended, Gathering, Rung
from safeguarding.models import Concern, Secret

WHAT = {DueKind.ANSWER: Agency, DueKind.CHALLENGE: Rung, DueKind.MEETING: Gathering}


@keep_history()
class Due(Secret):
    """An action, the answer of an agency, the answer to a challenge, or a meeting. Ended it stays as it ended."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="dues")
    kind = models.CharField(max_length=10, choices=DueKind.choices)
    what = models.CharField("which agency, step or meeting", max_length=20, blank=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_on = models.DateField("from what day on")
    due_on = models.DateField("by")
    done_on = models.DateField("ended on", null=True, blank=True)
    ended = models.CharField("how it ended", max_length=10, choices=Ended.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], condition=Q(done_on=None), name="due_open"),
            models.Index(fields=["concern", "due_on"], name="due_by_concern"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, ended="") | (Q(done_on__isnull=False) & ~Q(ended="")), name="due_ended_or_not"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} by {self.due_on:%d %b %Y}"

    @property
    def label(self) -> str:
        """What it is, in words that name nobody."""
        kind, what = DueKind(self.kind).label, self.what_label
        return what if what and self.kind == DueKind.MEETING else f"{kind}: {what}" if what else str(kind)

    @property
    def what_label(self) -> str:
        """Which agency, which step, which meeting; "" for an action."""
        words = WHAT.get(DueKind(self.kind))
        return str(words(self.what).label) if words and self.what in words else ""

    @property
    def is_overdue(self) -> bool:
        return self.done_on is None and self.due_on < timezone.localdate()
