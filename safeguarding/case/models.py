"""What a concern waits for, and where a child stands with the authority.

What a concern waits for: days, owners and codes, which the desk sorts by. Every word of it is an entry on the file.

So one row says that something is due and when; what it is, what was shared and what came of it stands in entries that
carry its key, sealed with the concern's own, never changed, behind the note that they are opened (decision 0011).
"""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from audit.history import keep_history
from safeguarding.case.enums import (
    LOOKED_AFTER,
    Agency,
    DueKind,
    Ended,
    Gathering,
    Held,
    Ladder,
    PlanCategory,
    Rung,
)
from safeguarding.models import Concern, Secret
from students.models import Student

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


class Standing(Secret):
    """Where a child stands from a day on. Never changed: what changes is another row, which supersedes this one.

    Only codes and days, which the list is sorted by; who works with the child, and every word, is in `StandingWords`.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=24, choices=Ladder.choices)
    category = models.CharField("of the plan", max_length=3, choices=PlanCategory.choices, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    review_on = models.DateField("next review", null=True, blank=True)
    review_by = models.DateField("last day of it by law", null=True, blank=True)
    core_on = models.DateField("next core group", null=True, blank=True)
    held = models.CharField("a meeting that was held", max_length=6, choices=Held.choices, blank=True)
    held_on = models.DateField("on", null=True, blank=True)
    reviews = models.PositiveSmallIntegerField("reviews so far", default=0)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(editable=False)

    class Meta:
        indexes = [models.Index(fields=["student", "-written_at"], name="standing_by_student")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="standing_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=(Q(level=Ladder.PLAN) & ~Q(category="")) | (~Q(level=Ladder.PLAN) & Q(category="")),
                name="standing_category_of_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(held="", held_on=None) | (~Q(held="") & Q(held_on__isnull=False)),
                name="standing_held_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} since {self.since:%d %b %Y}"

    @property
    def label(self) -> str:
        """Where the child stands, and of a plan why."""
        level = Ladder(self.level).label
        return f"{level}: {PlanCategory(self.category).label.lower()}" if self.category else str(level)

    @property
    def review_label(self) -> str:
        """What the next review is called."""
        if self.level == Ladder.ENQUIRY:
            return "Child protection conference"
        if self.level == Ladder.PLAN:
            return "Review conference"
        return "Looked-after review" if self.level in LOOKED_AFTER else "Review"

    @property
    def is_late(self) -> bool:
        """Whether the review is set for a day after the last one that the law allows."""
        return bool(self.review_on and self.review_by and self.review_on > self.review_by)

    def runs_on(self, day: dt.date) -> bool:
        return self.until is None or self.until >= day


class StandingWords(Secret):
    """Who works with the child, how to reach them, and what was written: sealed with the child's key."""

    standing = models.OneToOneField(Standing, on_delete=models.PROTECT, related_name="sealed")
    words = models.BinaryField()

    def __str__(self) -> str:
        return f"Words of {self.standing_id}"
