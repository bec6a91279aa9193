"""The words of keeping and destroying."""

from django.db import models


class Covers(models.TextChoices):
    """Which records a class is about. PostgreSQL finds out which of them a child has (guard.file_days)."""

    FILE = "file", "The child’s safeguarding file"
    ABUSE = "abuse", "A file that tells of child sexual abuse"
    FORCE = "force", "Records of force, seclusion and restraint"
    COPY = "copy", "The copy of a file that went to the next school"


class Trigger(models.TextChoices):
    """From what day on the years are counted."""

    BIRTH = "birth", "from the date of birth"
    LEFT = "left", "from the last day here"
    LAST = "last", "from the last thing written, or the last day here if that is later"
    RECEIVED = "received", "from the day the next school had it"


class Decision(models.TextChoices):
    """What a review comes to."""

    KEEP = "keep", "Keep it until a further day"
    DESTROY = "destroy", "Propose to destroy it"
