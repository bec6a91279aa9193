"""Words of events: what kind one is, and where it stands."""

from django.db import models


class Kind(models.TextChoices):
    """What kind of event it is."""

    OPEN_EVENING = "open_evening", "Open evening"
    FAMILIES = "families", "Meeting with families"
    HEALTH = "health", "Health talk"
    VACCINATION = "vaccination", "Vaccinations"
    THEME = "theme", "Themed day or week"
    SPEAKER = "speaker", "Speaker or workshop"
    TRIP = "trip", "Trip"
    SHOW = "show", "Competition or performance"
    CHARITY = "charity", "Charity or community"
    OTHER = "other", "Something else"


class State(models.TextChoices):
    """Where it stands on a day."""

    COMING = "coming", "To come"
    ON = "on", "On now"
    UNTOLD = "untold", "No outcome yet"
    TOLD = "told", "With an outcome"
    CALLED_OFF = "called_off", "Called off"
