"""The abstract base of every table that holds something a person can open by its address."""

from django.db import models

from core.ids import uuid7


class Record(models.Model):
    """A row with a UUIDv7 key, so that an address tells nothing about how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True
