"""What becomes of an appointment, and the weekdays on which a school has students."""

from django.db import models


class State(models.TextChoices):
    BOOKED = "booked", "Booked"
    HELD = "held", "Held"
    MISSED = "missed", "Missed"  # the student did not come
    REFUSED = "refused", "Refused"  # the student came, or was asked, and did not want to
    CANCELLED = "cancelled", "Cancelled"  # by staff


# These say why, in a few words.
WITH_REASON = frozenset({State.MISSED, State.REFUSED, State.CANCELLED})


class Weekday(models.IntegerChoices):
    """As dates count them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
