"""The record of actions, and the seals that show it was not changed. Triggers refuse to change or delete any of it."""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from core.models import Record


class TransactionIdField(models.TextField):  # type: ignore[type-arg]
    """PostgreSQL's 64-bit transaction number (xid8), which never begins anew in the life of a server."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "xid8"


class Event(Record):
    """One action by one person on one thing; names instead of foreign keys, so it outlives them.

    `at`, `xid` and `hash` are the database's own, and so is `actor_id` wherever somebody is signed in: a trigger
    overwrites what the program says.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    school_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True, db_index=True)
    student_id = models.UUIDField("the student it is about", null=True)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True, default="")
    address = models.GenericIPAddressField("where from", null=True)
    agent = models.CharField("with what", max_length=120, blank=True, default="")
    xid = TransactionIdField(null=True, editable=False)
    hash = models.BinaryField(null=True, editable=False)

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["actor_id", "-at"], name="event_by_actor"),
            models.Index(fields=["student_id", "-at"], name="event_by_student"),
            models.Index(fields=["xid"], name="event_by_xid"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type}"


class Seal(models.Model):
    """A signed head over some events and the seal before it: one changed byte anywhere breaks the chain.

    `root` is the SHA-256 of (id, hash) of its events in the order of their ids, `mac` the HMAC-SHA256 over everything
    here, with a key that only the sealer has. All are 32 bytes.
    """

    n = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    root = models.BinaryField()
    prev = models.BinaryField()
    mac = models.BinaryField()

    def __str__(self) -> str:
        return f"Seal {self.n}"


class Sealed(models.Model):
    """That an event stands under a seal, and the hash it had then."""

    event_id = models.UUIDField(primary_key=True)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="sealed", db_index=False)
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.event_id} under seal {self.seal_id}"


class Anchor(Record):
    """That a seal's number and MAC were sent off this machine, where its administrator cannot take them back."""

    at = models.DateTimeField(auto_now_add=True)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="anchors", db_index=False)
    sent_to = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.seal} sent to {self.sent_to}"
