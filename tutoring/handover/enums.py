"""Words of handovers and of the new school year."""

from django.db import models


class State(models.TextChoices):
    """Where a handover stands; worked out from its days, never stored."""

    WRITING = "writing", "Being written"
    HANDED_OVER = "handed_over", "Handed over"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"


class Rolling(models.TextChoices):
    """What became of a move into the next school year."""

    PREVIEWED = "previewed", "Previewed, nothing changed"
    DONE = "done", "Done"
    UNDONE = "undone", "Undone"
