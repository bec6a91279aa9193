"""The words of this room."""

from django.db import models


class Sealed(models.TextChoices):
    """What of a line is sealed."""

    TEXT = "text", "What they need to know"
    WHY = "why", "Why it was published"
