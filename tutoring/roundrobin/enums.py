"""Words of round robins."""

from django.db import models


class How(models.TextChoices):
    """By which door an answer came."""

    UNSAID = "", "Not answered yet"
    LINK = "link", "From the mail"
    SIGNED_IN = "signed_in", "Signed in"
