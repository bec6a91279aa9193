"""Words of strategy cards and handling plans."""

from django.db import models


class Kind(models.TextChoices):
    """What a card says; they are shown in this order."""

    HELPS = "helps", "What helps"
    AVOID = "avoid", "What to avoid"
    WHEN = "when", "What to do when …"


class Party(models.TextChoices):
    """Who agrees to a handling plan."""

    STAFF = "staff", "For the school"
    HOME = "home", "For home"
    STUDENT = "student", "The student"
