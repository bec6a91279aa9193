"""Planner checks of a group with their exceptions; the school's rewards and sanctions, and entries of them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import House, School, User
from audit.history import keep_history
from core.models import Record
from students.models import Student
from tutoring.conduct.enums import USUAL_MEANINGS, PlannerIssue
from tutoring.groups.models import TutorGroup
from tutoring.progress.enums import BehaviourKind

USUAL_DAYS = 14


class PlannerRhythm(Record):
    """After how many days of term a group's planners are looked at again; a school without a row: 14."""

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="planner_rhythm")
    days = models.PositiveSmallIntegerField(
        "a planner check is due after so many days of term",
        default=USUAL_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(days__range=(1, 90)), name="planner_rhythm_days")]

    def __str__(self) -> str:
        return f"every {self.days} days"


@keep_history()
class PlannerCheck(Record):
    """Somebody looked at the planners of a group that day. Whoever has no exception was fine; once a group and day."""

    group = models.ForeignKey(TutorGroup, on_delete=models.PROTECT, related_name="planner_checks")
    day = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="planner_checks")
    submission = models.UUIDField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["group", "day"], name="planner_check_once_a_day")]

    def __str__(self) -> str:
        return f"{self.group}, {self.day:%d %b %Y}"


@keep_history()
class PlannerException(Record):
    """One student's planner that was not fine, or a student who was away."""

    check_of = models.ForeignKey(PlannerCheck, on_delete=models.PROTECT, related_name="exceptions")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="planner_exceptions")
    issue = models.CharField(max_length=12, choices=PlannerIssue.choices)
    words = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["check_of", "student"], name="planner_exception_once")]

    def __str__(self) -> str:
        return self.said

    @property
    def said(self) -> str:
        """The issue with its few words."""
        return f"{self.get_issue_display()}: {self.words}" if self.words else self.get_issue_display()


class ConductType(Record):
    """A reward or sanction as the school settles it; each school has some from its first day (migration 0002).

    With a house it is for students of that house, unless it is `shared` with the whole school; whoever leads the house
    keeps it. `copied_from`: what another house shared and this one made its own. `points` count for a reward and
    against for a sanction. `follow_up_days`: after how many days its author is to follow it up.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="conduct_types")
    house = models.ForeignKey(House, null=True, blank=True, on_delete=models.PROTECT, related_name="conduct_types")
    shared = models.BooleanField("offered to the whole school", default=False)
    kind = models.CharField("what it is", max_length=8, choices=BehaviourKind.choices)
    name = models.CharField(max_length=60)
    points = models.PositiveSmallIntegerField(default=1, validators=[MaxValueValidator(100)])
    follow_up_days = models.PositiveSmallIntegerField(
        "followed up after (days)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    position = models.PositiveSmallIntegerField("place in the list", default=100)
    meaning = models.CharField("what it is for", max_length=300, blank=True, default="", db_default="")
    is_active = models.BooleanField("in use", default=True)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies")

    class Meta:
        ordering = ["-kind", "position", "name"]
        constraints = [
            models.UniqueConstraint(
                "school", "house", Lower("name"), name="conduct_type_name_unique", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(points__lte=100), name="conduct_type_points"),
            models.CheckConstraint(
                condition=Q(follow_up_days=None) | Q(follow_up_days__range=(1, 90)), name="conduct_type_follow_up"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def definition(self) -> str:
        """In the school's own words, or the usual ones until it has written some."""
        return self.meaning or USUAL_MEANINGS.get(self.name, "")

    @property
    def is_reward(self) -> bool:
        return self.kind == BehaviourKind.POSITIVE

    @property
    def used_by(self) -> list["ConductType"]:
        """What other houses made of it and give."""
        return [copy for copy in self.copies.all() if copy.is_active]


@keep_history()
class ConductEntry(Record):
    """A reward or sanction one student was given here. What it says stays; its author may follow it up or withdraw it.

    A trigger keeps a BehaviourEvent of the same key beside it, so that whatever counts behaviour counts it too, and
    takes that away when the entry is withdrawn. `submission` comes from the form, with the student: sent twice, once.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="conduct_entries")
    type = models.ForeignKey(ConductType, on_delete=models.PROTECT, related_name="entries")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conduct_entries")
    submission = models.UUIDField()
    day = models.DateField(default=timezone.localdate)
    comment = models.CharField(max_length=500, blank=True)
    follow_up_on = models.DateField(null=True, blank=True)
    followed_up_on = models.DateField(null=True, blank=True)
    follow_up_words = models.CharField("what came of it", max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField("why it is withdrawn", max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-day", "-created_at"]
        indexes = [
            models.Index(
                fields=["author", "follow_up_on"],
                condition=Q(follow_up_on__isnull=False, followed_up_on=None, withdrawn_at=None),
                name="conduct_entry_to_follow",
            ),
            models.Index(fields=["author", "-created_at"], name="conduct_entry_latest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["submission", "student"], name="conduct_entry_once"),
            models.CheckConstraint(
                condition=Q(followed_up_on=None, follow_up_words="")
                | (Q(followed_up_on__isnull=False) & ~Q(follow_up_words="")),
                name="conduct_follow_up_has_words",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="conduct_withdrawal_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.type)

    @property
    def may_be_withdrawn(self) -> bool:
        """On the day it was entered, by its author."""
        return self.withdrawn_at is None and timezone.localdate(self.created_at) == timezone.localdate()

    @property
    def waits(self) -> bool:
        """Whether its follow-up is still to be done."""
        return self.follow_up_on is not None and self.followed_up_on is None and self.withdrawn_at is None

    @property
    def days_late(self) -> int:
        """Days past the day of the follow-up; 0 where none waits."""
        if not self.waits or self.follow_up_on is None:
            return 0
        return max(0, (timezone.localdate() - self.follow_up_on).days)
