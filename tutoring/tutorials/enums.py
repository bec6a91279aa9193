"""Words of group tutorials."""

from django.db import models


class There(models.TextChoices):
    """How a student was there at a group tutorial. It is no register mark and counts in no attendance figure."""

    PRESENT = "present", "Present"
    LATE = "late", "Late"
    ABSENT = "absent", "Absent"
    EXCUSED = "excused", "Excused"


class Cover(models.TextChoices):
    """How a topic of the programme stands with one group."""

    COVERED = "covered", "Covered"
    NOT_HELD = "not_held", "Not held"
    NOT_YET = "not_yet", "Not yet"
