"""Strategy cards, a student's own words about themselves, and handling plans in versions that are never edited."""

from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from audit.history import keep_history
from core.models import Record
from students.models import Student
from tutoring.strategies.enums import Kind, Party

_STAFF = settings.AUTH_USER_MODEL


@keep_history()
class StrategyCard(Record):
    """One short line for everybody who teaches the student. Its words stay; no longer true, it is put away and kept.

    `moment` is said of "What to do when …" only. `still_true_on`: when somebody last looked and left it standing.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="strategy_cards")
    author = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="strategy_cards")
    kind = models.CharField("this is", max_length=6, choices=Kind.choices, default=Kind.HELPS)
    moment = models.CharField("when", max_length=80, blank=True)
    text = models.CharField("in one line", max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    review_on = models.DateField("look at it again on")
    still_true_on = models.DateField(null=True, blank=True)
    still_true_by = models.ForeignKey(_STAFF, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField("put away on", null=True, blank=True)
    ended_by = models.ForeignKey(_STAFF, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_why = models.CharField("why", max_length=160, blank=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["student"], condition=Q(ended_on=None), name="strategy_in_use"),
            models.Index(fields=["author", "review_on"], condition=Q(ended_on=None), name="strategy_to_review"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind=Kind.WHEN) & ~Q(moment="")) | (~Q(kind=Kind.WHEN) & Q(moment="")),
                name="strategy_when_says_when",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None, ended_why="")
                | Q(ended_on__isnull=False, ended_by__isnull=False),
                name="strategy_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(still_true_on=None, still_true_by=None)
                | Q(still_true_on__isnull=False, still_true_by__isnull=False),
                name="strategy_looked_at_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.moment}: {self.text}" if self.moment else self.text

    @property
    def is_due(self) -> bool:
        """Whether somebody should look whether it is still true."""
        return self.ended_on is None and self.review_on <= timezone.localdate()


class Version(Record):
    """Words about a student that are never edited: another version is written, and the earlier ones stay.

    `submission` comes from the form, so that one form sent twice makes one version.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT)
    version = models.PositiveSmallIntegerField()
    submission = models.UUIDField(unique=True)
    made_by = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    # The fields people write, in the order in which they are read.
    WORDS: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @property
    def says(self) -> Iterator[tuple[str, str]]:
        """The words that there are: (heading, text)."""
        for name in self.WORDS:
            if text := getattr(self, name):
                yield str(self._meta.get_field(name).verbose_name), text  # type: ignore[union-attr]


@keep_history()
class OwnWords(Version):
    """A student about themselves, in their own words: strengths and hopes, not only problems."""

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="own_words")
    strengths = models.TextField("what I am good at", max_length=500, blank=True)
    interests = models.TextField("what I like", max_length=500, blank=True)
    aspirations = models.TextField("what I want to do or be", max_length=500, blank=True)
    adults = models.TextField("what I want adults to know", max_length=500, blank=True)

    WORDS = ("strengths", "interests", "aspirations", "adults")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["student", "version"], name="own_words_one_a_version"),
            models.CheckConstraint(
                condition=~Q(strengths="", interests="", aspirations="", adults=""), name="own_words_say_something"
            ),
        ]

    def __str__(self) -> str:
        return f"In their own words, version {self.version}"


@keep_history()
class HandlingPlan(Version):
    """How a student is kept safe when it gets hard: what everybody who teaches them must know.

    What only the pastoral team reads stands in its `team_part`. The latest version is in force, unless it says in
    `ended_why` why there is no plan any more.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="handling_plans")
    early_signs = models.TextField("early signs", max_length=1_000, blank=True)
    calms = models.TextField("what calms it", max_length=1_000, blank=True)
    never = models.TextField("what not to do", max_length=1_000, blank=True)
    call = models.CharField("whom to call", max_length=200, blank=True)
    review_on = models.DateField("next review")
    ended_why = models.CharField("why there is no plan any more", max_length=300, blank=True)

    WORDS = ("early_signs", "calms", "never", "call")

    class Meta:
        ordering = ["-version"]
        indexes = [models.Index(fields=["made_by", "review_on"], name="handling_review")]
        constraints = [models.UniqueConstraint(fields=["student", "version"], name="handling_one_a_version")]

    def __str__(self) -> str:
        return f"Handling plan, version {self.version}"

    @property
    def is_due(self) -> bool:
        """Whether the day of the review has come."""
        return not self.ended_why and self.review_on <= timezone.localdate()


@keep_history()
class TeamPart(Record):
    """Of one version, what the pastoral team alone reads; and who agreed to it, each once, by name and day."""

    plan = models.OneToOneField(HandlingPlan, on_delete=models.PROTECT, related_name="team_part")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    triggers = models.TextField("triggers", max_length=1_000, blank=True)
    holds = models.TextField("what trained staff may do", max_length=1_000, blank=True)
    trained = models.CharField("who is trained", max_length=300, blank=True)
    medical = models.TextField("medical", max_length=1_000, blank=True)
    after = models.TextField("after an incident", max_length=1_000, blank=True)
    staff_name = models.CharField(max_length=120, blank=True)
    staff_on = models.DateField(null=True, blank=True)
    home_name = models.CharField(max_length=120, blank=True)
    home_on = models.DateField(null=True, blank=True)
    student_name = models.CharField(max_length=120, blank=True)
    student_on = models.DateField(null=True, blank=True)

    WORDS = ("triggers", "holds", "trained", "medical", "after")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(holds="") | ~Q(trained=""), name="handling_holds_name_the_trained"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{party}_name": "", f"{party}_on": None})
                    | (~Q(**{f"{party}_name": ""}) & Q(**{f"{party}_on__isnull": False})),
                    name=f"handling_{party}_agreed_on_a_day",
                )
                for party in Party.values
            ),
        ]

    def __str__(self) -> str:
        return f"Team part of {self.plan_id}"

    @property
    def says(self) -> Iterator[tuple[str, str]]:
        """The words that there are: (heading, text)."""
        for name in self.WORDS:
            if text := getattr(self, name):
                yield str(self._meta.get_field(name).verbose_name), text  # type: ignore[union-attr]

    @property
    def agreements(self) -> list[tuple[Party, str, object]]:
        """(who, name, day) of each party; name and day are empty where they have not agreed yet."""
        return [(party, getattr(self, f"{party}_name"), getattr(self, f"{party}_on")) for party in Party]
