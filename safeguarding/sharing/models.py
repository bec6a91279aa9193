"""Who reads what besides those whose role it is: for want of others, by a second person's word, by a line to staff."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from safeguarding.models import Concern, KeptFrom, Secret


class LastReader(Secret):
    """Somebody who reads this concern because nobody else did: written by PostgreSQL alone, and ended by it."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concern", "person"], condition=Q(ended_at=None), name="last_reader_once"),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(ended_at=None), name="last_reader_of")]

    def __str__(self) -> str:
        return f"Last reader {self.person_id}"


class Confirmation(Secret):
    """Keeping the designated lead from something would leave its setter alone with it: the headteacher agrees first.

    Made by PostgreSQL when it is so. Until somebody agreed, the lead goes on reading.
    """

    kept = models.OneToOneField(KeptFrom, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed=None, decided_by=None, decided_at=None)
                | Q(agreed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="confirmation_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Asked on {self.asked_at:%d %b %Y}"
