"""The words of this room."""

from django.db import models


class News(models.TextChoices):
    """How somebody came to read the file, or may be about to."""

    ROLE = "role", "came to read it"
    ADDRESS = "address", "signs in with another address"


class Sealed(models.TextChoices):
    """What of a line is sealed."""

    TEXT = "text", "What they need to know"
    WHY = "why", "Why it was published"
