"""The record of actions. A database trigger refuses to change or delete a row."""

from django.db import models

from core.models import Record


class Event(Record):
    """One action by one person on one thing; names instead of foreign keys, so it outlives them."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    school_id = models.UUIDField(null=True, db_index=True)
    actor_id = models.UUIDField(null=True, db_index=True)
    actor_name = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True, db_index=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type}"
