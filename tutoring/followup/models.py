"""Warnings: the school's ladder of stages, and what a student was given."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.enums import Role
from accounts.models import School, User
from audit.history import keep_history
from core.models import Record
from students.models import Student
from tutoring.followup.enums import USUAL_MEANINGS, Appeal

LETTER = (
    "{name} has been given a {stage}. The reason: {reason}\n"
    "It stands until {until}. If nothing else happens it then ends by itself.\n"
    "Please talk about it at home. We would like this to be the last one, and we are glad to meet you."
)
_WEEKS = [MinValueValidator(1), MaxValueValidator(104)]


class WarningStage(Record):
    """One rung of a school's ladder; every school has verbal, written and final from its first day (migration 0002).

    `letter` may name {name}, {stage}, {reason} and {until}; each of its lines is a paragraph.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="warning_stages")
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField("place on the ladder", default=0)
    weeks = models.PositiveSmallIntegerField("stands for how many weeks", validators=_WEEKS)
    roles = ArrayField(models.CharField(max_length=30, choices=Role.choices), verbose_name="who may issue it")
    letter = models.TextField(max_length=2_000, default=LETTER)
    meaning = models.CharField("what it is for", max_length=300, blank=True, default="", db_default="")
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], name="warning_stage_once_a_school"),
            models.CheckConstraint(condition=Q(weeks__range=(1, 104)), name="warning_stage_weeks"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def definition(self) -> str:
        """In the school's own words, or the usual ones until it has written some."""
        return self.meaning or USUAL_MEANINGS.get(self.name, "")

    @property
    def role_names(self) -> str:
        """Who may issue it, in words."""
        return ", ".join(self.school.called[role] for role in Role if role in self.roles)

    def last_day(self, issued_on: dt.date) -> dt.date:
        """The last day on which a warning issued that day is in force."""
        return issued_on + dt.timedelta(weeks=self.weeks)


@keep_history()
class Warning(Record):  # the word of the trade; nobody means Python's here
    """A stage one student was given. What was issued stays as issued; the student's words and an appeal come to it.

    In force up to and with `expires_on`, unless an appeal lifted it. `submission` comes from the form: sent twice, it
    is one warning.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="warnings")
    stage = models.ForeignKey(WarningStage, on_delete=models.PROTECT, related_name="warnings")
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="warnings_issued")
    submission = models.UUIDField(unique=True)
    issued_on = models.DateField(default=timezone.localdate)
    expires_on = models.DateField("in force until")
    reason = models.TextField(max_length=3_000)
    student_response = models.TextField("in the student's own words", max_length=3_000, blank=True)
    appeal = models.CharField(max_length=10, choices=Appeal.choices, default=Appeal.NONE, blank=True)
    appealed_on = models.DateField(null=True, blank=True)
    appeal_words = models.TextField("why they appeal", max_length=3_000, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals_decided"
    )
    decision_words = models.TextField("what was decided, and why", max_length=3_000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-issued_on", "-created_at"]
        indexes = [models.Index(fields=["student", "-issued_on"], name="warning_student_day")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_on__gte=F("issued_on")), name="warning_days_in_order"),
            models.CheckConstraint(
                condition=Q(appeal="", appealed_on=None) | (~Q(appeal="") & Q(appealed_on__isnull=False)),
                name="warning_appeal_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(appeal__in=["", "asked"], decided_on=None, decided_by=None)
                | Q(appeal__in=["stands", "lifted"], decided_on__isnull=False, decided_by__isnull=False),
                name="warning_decision_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.stage)

    @property
    def is_lifted(self) -> bool:
        return self.appeal == Appeal.LIFTED

    @property
    def is_expired(self) -> bool:
        """Whether its last day is past."""
        return self.expires_on < timezone.localdate()

    @property
    def in_force(self) -> bool:
        return not self.is_lifted and not self.is_expired

    @property
    def may_be_appealed(self) -> bool:
        return self.in_force and self.appeal == Appeal.NONE

    @property
    def appeal_waits(self) -> bool:
        return self.appeal == Appeal.ASKED


@keep_history()
class Alert(Record):
    """A word to a colleague who leads, about one student, with what the writer thinks would help, and its answer.

    What was raised stays as raised. `answered_by`: whom it is to, or their deputy of that day. `seen_on`: the day the
    one who raised it first opened it with the answer.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="alerts")
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="alerts_raised")
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="alerts_received")
    submission = models.UUIDField(unique=True)
    raised_on = models.DateField(default=timezone.localdate)
    what = models.TextField(max_length=3_000)
    recommendation = models.TextField("what the writer thinks would help", max_length=3_000)
    answer_by = models.DateField()
    answer = models.TextField(max_length=3_000, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="alerts_answered"
    )
    seen_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["answer_by", "raised_on"]
        indexes = [
            models.Index(fields=["to"], condition=Q(answered_on=None), name="alert_open"),
            models.Index(fields=["raised_by"], condition=Q(seen_on=None), name="alert_unseen"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="alert_answer_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(seen_on=None) | Q(answered_on__isnull=False), name="alert_seen_after_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"Alert of {self.raised_on}"

    @property
    def days_late(self) -> int:
        """Days past the day an answer was asked for by; 0 where it is answered or not due."""
        return 0 if self.answered_on else max(0, (timezone.localdate() - self.answer_by).days)
