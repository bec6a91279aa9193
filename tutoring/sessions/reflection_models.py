"""What a school asks students before a 1:1, and what a student wrote: each time anew, and never changed after."""

from collections.abc import Iterator

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import School, User
from core.models import Record
from students.models import Student
from tutoring.sessions.enums import Feeling

MOST_QUESTIONS = 4
USUAL_QUESTIONS = "What has gone well since last time?\nWhat was hard?"
USUAL_WISH = "One thing I want to do by next time"


class ReflectionSheet(Record):
    """The few questions of a school; without a row, the usual ones (`reflections.sheet_of`)."""

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="reflection_sheet")
    prompts = models.TextField("questions, one a line", max_length=1_000, blank=True, default=USUAL_QUESTIONS)
    wish = models.CharField("what they want to do", max_length=160, default=USUAL_WISH)
    asks_feeling = models.BooleanField("asks how they feel", default=True)

    def __str__(self) -> str:
        return "Before a 1:1"

    @property
    def questions(self) -> list[str]:
        """A line each."""
        return [line.strip() for line in self.prompts.splitlines() if line.strip()]


class Reflection(Record):
    """A student about how it goes, before a 1:1. Writing again makes another one; PostgreSQL lets nothing be changed.

    `asked` and `said` are as long as each other: the questions answered, as they were worded that day. `wish` is a
    target of the student's own. `taken_by`: whose device it was, and who gave it. `submission`: one form, one row.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="reflections")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submission = models.UUIDField(unique=True)
    written_at = models.DateTimeField(auto_now_add=True)
    asked = ArrayField(models.CharField(max_length=160), default=list, blank=True)
    said = ArrayField(models.CharField(max_length=600), default=list, blank=True)
    wish = models.CharField("what they want to do", max_length=300, blank=True)
    feeling = models.PositiveSmallIntegerField("how they feel", null=True, blank=True, choices=Feeling.choices)

    class Meta:
        ordering = ["-written_at"]
        indexes = [models.Index(fields=["student", "-written_at"], name="reflection_student_day")]
        constraints = [
            models.CheckConstraint(condition=Q(said__len=F("asked__len")), name="reflection_answers_questions"),
            models.CheckConstraint(
                condition=Q(feeling=None) | Q(feeling__range=(1, 5)), name="reflection_feeling_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(said__len__gt=0) | Q(feeling__isnull=False) | ~Q(wish=""), name="reflection_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"Before a 1:1, {self.written_at:%d %b %Y}"

    @property
    def answers(self) -> Iterator[tuple[str, str]]:
        """(question, answer)."""
        return zip(self.asked, self.said, strict=True)
