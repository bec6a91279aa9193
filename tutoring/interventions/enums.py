"""Words of interventions."""

from django.db import models


class Decision(models.TextChoices):
    """What follows from the evaluation; none while it runs."""

    OPEN = "", "Not evaluated yet"
    CONTINUE = "continue", "Continue"
    CHANGE = "change", "Change it"
    STOP = "stop", "Stop"
