"""A mentor and a student: somebody of the staff who is on their side, towards something the student wants."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from audit.history import keep_history
from core.models import Record
from students.models import Student


@keep_history()
class Mentoring(Record):
    """From a day until somebody ends it; ended, it stays as it was. It gives the mentor no sight of the student.

    Strengths and hopes, not only problems: read by all who teach or look after the student, as their own words are.
    `submission` comes from the form, so that one form sent twice begins one.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="mentorings")
    mentor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mentorings")
    submission = models.UUIDField(unique=True)
    since = models.DateField("from", default=timezone.localdate)
    aspiration = models.CharField("what it is for, in their words", max_length=300)
    strengths = models.CharField("strengths to build on", max_length=300, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    until = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_words = models.CharField("what came of it", max_length=300, blank=True)

    class Meta:
        ordering = ["-since", "-created_at"]
        indexes = [models.Index(fields=["mentor"], condition=Q(until=None), name="mentoring_now")]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "mentor"], condition=Q(until=None), name="mentoring_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None, ended_by=None, ended_words="")
                | Q(until__gte=F("since"), ended_by__isnull=False),
                name="mentoring_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} since {self.since:%d %b %Y}"
