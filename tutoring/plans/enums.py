"""Words of a plan: where a barrier lies, how things went, what became of a step."""

from django.db import models


class Area(models.TextChoices):
    SOCIAL = "social", "Social"
    EMOTIONAL = "emotional", "Emotional"
    PERSONAL = "personal", "Personal"
    BEHAVIOURAL = "behavioural", "Behaviour"
    LEARNING = "learning", "Learning"
    ATTENDANCE = "attendance", "Attendance"


class Rating(models.IntegerChoices):
    """How it went, against the day the plan was made."""

    MUCH_WORSE = -2, "Much worse"
    WORSE = -1, "Worse"
    SAME = 0, "No change"
    BETTER = 1, "Better"
    MUCH_BETTER = 2, "Much better"


class Rhythm(models.TextChoices):
    """How often a habit is looked at; a goal that is reached once has none."""

    ONCE = "", "A goal"
    DAY = "day", "A habit: every school day"
    WEEK = "week", "A habit: every week"


class StepEnd(models.TextChoices):
    """What became of a step; an open one has none of these."""

    DONE = "done", "Done"
    NOT_DONE = "not_done", "Not done"
    NOT_NEEDED = "not_needed", "No longer needed"


class Sharing(models.TextChoices):
    """Who reads a model plan."""

    MINE = "mine", "Only me"
    HOUSE = "house", "A house"
    SCHOOL = "school", "The school"
