"""Words of warnings."""

from django.db import models


class Appeal(models.TextChoices):
    """What became of an appeal. Not "upheld": schools say that of the appeal and of the warning alike."""

    NONE = "", "No appeal"
    ASKED = "asked", "Appeal waits for an answer"
    STANDS = "stands", "After an appeal the warning stands"
    LIFTED = "lifted", "Lifted after an appeal"
