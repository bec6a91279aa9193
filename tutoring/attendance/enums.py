"""What an attendance code means for the figures."""

from django.db import models


class StatClass(models.TextChoices):
    """Statistical class of a code (DfE, Working together to improve school attendance)."""

    PRESENT = "PRESENT", "Present"
    APPROVED_EDU = "APPROVED_EDU", "Approved educational activity"
    AUTHORISED = "AUTHORISED", "Authorised absence"
    UNAUTHORISED = "UNAUTHORISED", "Unauthorised absence"
    NOT_POSSIBLE = "NOT_POSSIBLE", "Unable to attend"
    NOT_COLLECTED = "NOT_COLLECTED", "Not collected"


class Session(models.TextChoices):
    """A half-day of the register, as in the law."""

    AM = "AM", "Morning"
    PM = "PM", "Afternoon"
