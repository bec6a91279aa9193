"""Words of warnings."""

from django.db import models


class Appeal(models.TextChoices):
    """What became of an appeal. Not "upheld": schools say that of the appeal and of the warning alike."""

    NONE = "", "No appeal"
    ASKED = "asked", "Appeal waits for an answer"
    STANDS = "stands", "After an appeal the warning stands"
    LIFTED = "lifted", "Lifted after an appeal"


# What the stages that every school begins with are for, until it says so in its own words.
USUAL_MEANINGS = {
    "Verbal warning": "What was tried did not hold. Said in private, with what is expected from now on.",
    "Written warning": "The same again while a verbal warning stands, or something serious. Home gets the letter.",
    "Final warning": "A written warning did not hold. Home is invited, and a plan is made before the day it ends.",
}
