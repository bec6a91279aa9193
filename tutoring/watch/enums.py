"""Words of watching over a student: why, how often, and how it ended."""

from django.db import models


class Kind(models.TextChoices):
    """Why somebody looks after a student more closely for a while."""

    NEW = "new", "New to us"
    LEAVING = "leaving", "At risk of leaving"
    OWN = "own", "Something else"


class Every(models.IntegerChoices):
    """Days from one look to the next."""

    WEEK = 7, "every week"
    FORTNIGHT = 14, "every fortnight"
    MONTH = 28, "every four weeks"


class Outcome(models.TextChoices):
    """How it ended; a watch that goes on has none of these."""

    SETTLED = "settled", "Settled"
    STAYING = "staying", "Staying"
    LEFT = "left", "Left"
    OVER = "over", "No longer needed"


# What may come of each kind.
OUTCOMES = {
    Kind.NEW: (Outcome.SETTLED, Outcome.LEFT, Outcome.OVER),
    Kind.LEAVING: (Outcome.STAYING, Outcome.LEFT, Outcome.OVER),
    Kind.OWN: (Outcome.OVER, Outcome.LEFT),
}
