"""Words of planner checks, and the mark of what was entered here."""

from django.db import models

# The staff code of a behaviour event that came from an entry of ours. No MIS writes it, so no import can meet it; the
# author stands in `staff`.
ENTERED_HERE = "(Waymark)"


class PlannerIssue(models.TextChoices):
    """What was not as it should be with one student's planner."""

    NOT_SEEN = "not_seen", "Not seen"
    NOT_FILLED = "not_filled", "Not filled in"
    NOT_SIGNED = "not_signed", "Not signed"
    LOST = "lost", "Lost"
    OTHER = "other", "Other"
    AWAY = "away", "Away"
