"""Words of behaviour records."""

from django.db import models


class BehaviourKind(models.TextChoices):
    POSITIVE = "positive", "Reward"
    NEGATIVE = "negative", "Sanction"
