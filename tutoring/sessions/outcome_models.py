"""Whether what was agreed happened."""

from django.db import models

from accounts.models import User
from core.models import Record
from students.models import Student
from tutoring.sessions.enums import Happened


class AgreementOutcome(Record):
    """What somebody said of it before or at a later 1:1. The latest counts; PostgreSQL lets none be changed."""

    agreement = models.ForeignKey("tutor_sessions.Agreement", on_delete=models.PROTECT, related_name="outcomes")
    session = models.ForeignKey("tutor_sessions.TutorSession", on_delete=models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    happened = models.CharField("whether it happened", max_length=10, choices=Happened.choices)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.get_happened_display()
