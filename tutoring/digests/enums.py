"""Words of the weekly mail: how often, its lines, and what became of it."""

from django.db import models


class Rhythm(models.TextChoices):
    NONE = "none", "No mail"
    WEEKLY = "weekly", "Every week"
    FORTNIGHTLY = "fortnightly", "Every two weeks"


class Part(models.TextChoices):
    """The lines a mail may have, in this order: what is good comes first."""

    REWARDS = "rewards", "Rewards"
    NEWS = "news", "Good news"
    ATTENDANCE = "attendance", "Attendance"
    STEP = "step", "What was agreed"


class State(models.TextChoices):
    """What became of the mail of a week."""

    OPEN = "open", "Not sent yet"
    SENDING = "sending", "Is being sent"
    SENT = "sent", "Sent"
    EMPTY = "empty", "Not sent: there was nothing good to tell"
    FAILED = "failed", "Not sent"
