"""Words of home visits."""

from django.db import models


class State(models.TextChoices):
    """Where a visit stands; worked out from its times, never stored."""

    PLANNED = "planned", "Planned"
    OUT = "out", "Out"
    OVERDUE = "overdue", "Past its time"
    BACK = "back", "Back safe"
    CANCELLED = "cancelled", "Cancelled"


class Seen(models.TextChoices):
    """Whether the child was seen: an answer of its own, because "nobody said" and "no" are not the same."""

    UNSAID = "", "Not said yet"
    YES = "yes", "Yes"
    NO = "no", "No, though they were at home"
    NOT_THERE = "not_there", "No, they were not there"
