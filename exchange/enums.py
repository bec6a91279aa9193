"""The steps of an import."""

from django.db import models


class RunState(models.TextChoices):
    CHECKING = "checking", "Checking the files"
    READY = "ready", "Ready to import"
    APPLYING = "applying", "Importing"
    DONE = "done", "Imported"
    FAILED = "failed", "Stopped"
