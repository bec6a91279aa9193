"""What a colleague has been told of by mail, so that they are told once."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.models import Record


class StaffNotice(Record):
    """One row a person, for the job alone.

    `told` holds what stood in the last mail and is still to do, as "kind:id"; nothing in it names a student. A look is
    taken (`taken_at`) before anything is read or sent, and noted after (`told_at`).
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    told = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    taken_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return "what was told by mail"
