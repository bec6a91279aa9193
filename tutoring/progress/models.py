"""What teachers have recorded: grades and effort at each data drop, behaviour, and the tutor's comment for a term."""

from django.db import models

from accounts.models import School, User
from audit.history import keep_history
from core.models import Record
from students.models import Student, Term
from tutoring.progress.enums import BehaviourKind


class Subject(Record):
    """A subject as the school names it."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="subjects")
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="subject_unique")]

    def __str__(self) -> str:
        return self.name


class DataDrop(Record):
    """One collection of grades: "2026 Autumn". `position` orders them (year × 10 + 1 spring, 2 summer, 3 autumn).

    `collected_on`: the day its first grades came in; empty for those from before this was kept.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="data_drops")
    name = models.CharField(max_length=60)
    position = models.IntegerField(default=0)
    collected_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="data_drop_unique")]

    def __str__(self) -> str:
        return self.name


@keep_history(creation=False)
class Assessment(Record):
    """A student's target, present grade and effort in one subject at one data drop, in the school's own scale."""

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="assessments")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="assessments")
    data_drop = models.ForeignKey(DataDrop, on_delete=models.PROTECT, related_name="assessments")
    teacher = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="assessments")
    teacher_code = models.CharField(max_length=60, blank=True)
    target = models.CharField(max_length=20, blank=True)
    working_at = models.CharField(max_length=20, blank=True)
    effort = models.CharField(max_length=40, blank=True)
    comment = models.CharField("what will help most", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "subject", "data_drop"], name="assessment_once_per_drop")
        ]

    def __str__(self) -> str:
        return f"{self.student} {self.subject}: {self.working_at}"


@keep_history(creation=False)
class BehaviourEvent(Record):
    """A reward or a sanction. `number` tells apart equal entries of the same day."""

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="behaviour_events")
    date = models.DateField()
    kind = models.CharField(max_length=8, choices=BehaviourKind.choices)
    category = models.CharField(max_length=100)
    points = models.SmallIntegerField(default=0)
    staff = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="behaviour_events")
    staff_code = models.CharField(max_length=60, blank=True)
    comment = models.CharField(max_length=500, blank=True)
    number = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["-date"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "date", "kind", "category", "points", "staff_code", "number"],
                name="behaviour_event_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.date:%d %b} {self.category}"


@keep_history()
class TermComment(Record):
    """The tutor's comment on a student's term, written for the family's report."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="term_comments")
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="term_comments")
    text = models.TextField(max_length=2000)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "term"], name="comment_once_per_term")]

    def __str__(self) -> str:
        return f"{self.student}, {self.term}"
