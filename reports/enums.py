"""States of a report run and of each report in it."""

from django.db import models


class BatchState(models.TextChoices):
    OPEN = "open", "Being made"
    DONE = "done", "Finished"


class ItemState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Being made"
    DONE = "done", "Made"
    FAILED = "failed", "Could not be made"
