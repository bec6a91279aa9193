"""What was said and what was agreed."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import School, User
from audit.history import Change, keep_history
from core.models import Record
from students.due import OFTEN_MOVED
from students.models import Student
from tutoring.sessions.enums import Answer, AnsweredHow, Confidentiality, Kind, Owner, Topic, Way
from tutoring.sessions.home_models import HomeContact as HomeContact
from tutoring.sessions.home_models import HomeMessage as HomeMessage
from tutoring.sessions.outcome_models import AgreementOutcome as AgreementOutcome
from tutoring.sessions.reflection_models import Reflection as Reflection
from tutoring.sessions.reflection_models import ReflectionSheet as ReflectionSheet
from tutoring.sessions.tag_models import SessionTag as SessionTag


class SessionKind(Record):
    """A kind of conversation as the school has settled it: its name, whether it counts as seen, what to ask.

    A new school gets one of each `Kind` by a trigger, so every session has one (migration 0008).
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="session_kinds", db_index=False)
    kind = models.CharField("what it is", max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=40)
    counts = models.BooleanField("counts as seen this term", default=False)
    prompts = models.TextField("prompts, one a line", max_length=2_000, blank=True)
    is_active = models.BooleanField("in use", default=True)
    position = models.PositiveSmallIntegerField("place in the list", default=100)

    class Meta:
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint("school", Lower("name"), name="session_kind_name_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def questions(self) -> list[str]:
        """The prompts, a line each."""
        return [line.strip() for line in self.prompts.splitlines() if line.strip()]


@keep_history()
class TutorSession(Record):
    """A 1:1, a call home, a home visit or a meeting about one student (not an AM/PM session of the register).

    `submission` comes from the form, so that one form sent twice makes one record.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="tutor_sessions")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tutor_sessions")
    submission = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.ONE_TO_ONE)
    # Left empty, a trigger fills in the school's first of that kind; the kind always follows it.
    school_kind = models.ForeignKey(SessionKind, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    topics = ArrayField(models.CharField(max_length=20, choices=Topic.choices), default=list, blank=True)
    # The school's own words (SessionTag) as they are: with the row they are as private and as kept as it is.
    tags = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    held_on = models.DateField("when", default=timezone.localdate)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(600)])
    place = models.CharField(max_length=60, blank=True)
    way = models.CharField("how", max_length=10, choices=Way.choices, blank=True, default="", db_default="")
    # Of a meeting with staff: their names as they were that day, with anybody from outside the school (duty 12).
    with_whom = models.CharField("with whom", max_length=500, blank=True, default="", db_default="")
    happened = models.TextField("what happened", max_length=20_000)
    # Of a meeting with several: what concerns this student alone. It goes wherever the text goes, and no further.
    own_note = models.TextField("about this student alone", max_length=2_000, blank=True, default="", db_default="")
    student_words = models.TextField("in the student's own words", max_length=5_000, blank=True)
    wellbeing = models.PositiveSmallIntegerField(
        "how are they?", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    confidentiality = models.CharField(
        "who can read this", max_length=10, choices=Confidentiality.choices, default=Confidentiality.TEAM
    )
    named_staff = models.ManyToManyField(User, blank=True, related_name="sessions_named_in")
    # Said to a tutor, not to the family: nothing of it goes home unless the student agreed to that.
    for_report = models.BooleanField(
        "the student is happy for their words and what we agreed to be on the report", default=False
    )
    # The same for all entries of one meeting with several students; each has an entry, and words, of their own.
    together = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-held_on", "-created_at"]
        indexes = [
            models.Index(fields=["student", "-held_on"], name="session_student_day"),
            models.Index(fields=["author", "-held_on"], name="session_author_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(wellbeing__isnull=True) | Q(wellbeing__range=(1, 5)), name="session_wellbeing_1_to_5"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind_name} with {self.student} on {self.held_on:%d %b %Y}"

    @property
    def kind_name(self) -> str:
        """The kind in the school's own word."""
        return self.school_kind.name if self.school_kind else self.get_kind_display()

    @property
    def told(self) -> str:
        """What was written: the text, and below it what concerns this student alone."""
        return "\n\n".join(part for part in (self.happened, self.own_note) if part)

    @property
    def topic_names(self) -> list[str]:
        """The topics in words, in the order of the list."""
        return [str(topic.label) for topic in Topic if topic in self.topics]


class NamedStaffChange(Change):
    """Who was named and unnamed as a reader, kept by a trigger of migration 0005: Django makes that table by itself."""

    pgh_tracked_model = TutorSession.named_staff.through

    tutorsession_id = models.UUIDField()
    user_id = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.pgh_label}: {self.user_id} reads {self.tutorsession_id}"


@keep_history()
class NextStep(Record):
    """Something agreed: what, who does it, by when, and how it went.

    `owner_name`: who outside the school does it; they have no account, so somebody here asks them.
    """

    session = models.ForeignKey(TutorSession, on_delete=models.CASCADE, related_name="steps")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="next_steps")
    text = models.CharField("what", max_length=300)
    owner = models.CharField("who", max_length=10, choices=Owner.choices, default=Owner.STUDENT)
    owner_staff = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="next_steps")
    owner_name = models.CharField("who outside", max_length=220, blank=True, default="", db_default="")
    due_on = models.DateField("by", null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    outcome = models.CharField("how it is going", max_length=300, blank=True)
    times_moved = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["due_on"]
        indexes = [
            models.Index(fields=["student", "due_on"], condition=Q(done_on__isnull=True), name="step_open"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.done_on is None

    @property
    def doer_outside(self) -> str:
        """Who outside does it, by name where it is known."""
        return self.owner_name or "somebody outside"

    @property
    def days_late(self) -> int:
        """Days since it was due, 0 where it is done, not yet due, or has no day."""
        if self.done_on or not self.due_on:
            return 0
        return max(0, (timezone.localdate() - self.due_on).days)

    @property
    def is_overdue(self) -> bool:
        return self.days_late > 0

    @property
    def often_moved(self) -> bool:
        """Set anew so often that it is time to ask whether the step is the right one."""
        return not self.done_on and self.times_moved >= OFTEN_MOVED


@keep_history()
class Agreement(Record):
    """Words agreed in a conversation, and the student's answer beside them: neither is ever written over.

    `text` stays as first written. The student answers once; a correction after that is a new agreement.
    """

    session = models.ForeignKey(TutorSession, on_delete=models.CASCADE, related_name="agreements")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="agreements")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField("what we agreed", max_length=300)
    answer = models.CharField("the student’s answer", max_length=10, choices=Answer.choices, default=Answer.OPEN)
    student_text = models.CharField("the student’s own version or objection", max_length=300, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_how = models.CharField("how it was answered", max_length=10, choices=AnsweredHow.choices, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="agreement_place_once"),
            models.CheckConstraint(condition=Q(position__range=(1, 3)), name="agreement_place_1_to_3"),
            models.CheckConstraint(
                condition=Q(answer=Answer.OPEN, answered_on=None, answered_how="", student_text="")
                | (~Q(answer=Answer.OPEN) & Q(answered_on__isnull=False) & ~Q(answered_how="")),
                name="agreement_answered_whole",
            ),
            models.CheckConstraint(
                condition=~Q(answer=Answer.AMENDED) | ~Q(student_text=""), name="agreement_amended_in_words"
            ),
            models.CheckConstraint(
                condition=~Q(answer=Answer.CONFIRMED) | Q(student_text=""), name="agreement_confirmed_as_is"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.answer == Answer.OPEN


class SessionDay(models.Model):
    """That a conversation took place, apart from what was said: whoever sees the student may know the day.

    A trigger keeps it beside each session; nothing writes here. `may_go_home` is False for sessions of named people.
    """

    session = models.OneToOneField(TutorSession, primary_key=True, on_delete=models.CASCADE, related_name="day")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="session_days", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    school_kind = models.ForeignKey(SessionKind, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    held_on = models.DateField()
    may_go_home = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["student", "-held_on"], name="session_day_by_student")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.held_on:%d %b %Y}"


class WordsForHome(models.Model):
    """What of a conversation the student was happy to have on the report: their own words, "" where only the steps.

    A trigger keeps it beside each session; nothing writes here. Whoever makes reports reads this and not the session.
    """

    session = models.OneToOneField(
        TutorSession, primary_key=True, on_delete=models.CASCADE, related_name="words_for_home"
    )
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="words_for_home")
    held_on = models.DateField()
    words = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "words for home"

    def __str__(self) -> str:
        return f"For the report, {self.held_on:%d %b %Y}"


class Entitlement(Record):
    """How often each student is to be seen in a term: the school's rule; without one, once (`selectors.per_term`)."""

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="entitlement")
    per_term = models.PositiveSmallIntegerField(
        "sessions each term", default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    exempt_years = ArrayField(models.PositiveSmallIntegerField(), verbose_name="exempt years", default=list, blank=True)

    def __str__(self) -> str:
        return f"{self.per_term} a term"


@keep_history()
class Exemption(Record):
    """A student whom the rule leaves out, with the reason, until a day (open-ended while `ends_on` is empty)."""

    student = models.OneToOneField(Student, on_delete=models.CASCADE, related_name="exemption")
    reason = models.CharField("why", max_length=200)
    ends_on = models.DateField("until", null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.reason
