"""Words of planner checks, and the mark of what was entered here."""

from django.db import models

# The staff code of a behaviour event that came from an entry of ours. No MIS writes it, so no import can meet it; the
# author stands in `staff`.
ENTERED_HERE = "(Waymark)"


class PlannerIssue(models.TextChoices):
    """What was not as it should be with one student's planner."""

    NOT_SEEN = "not_seen", "Not seen"
    NOT_FILLED = "not_filled", "Not filled in"
    NOT_SIGNED = "not_signed", "Not signed"
    LOST = "lost", "Lost"
    OTHER = "other", "Other"
    AWAY = "away", "Away"


# What the rewards and sanctions that every school begins with are for, until it says so in its own words.
USUAL_MEANINGS = {
    "Praise point": "Something done well that others can see: work, effort, manners.",
    "Kindness to others": "Helped, included or stood up for somebody without being asked.",
    "Much improved": "Clearly better than before over at least two weeks: attendance, work or behaviour.",
    "Tutor’s award": "Once a half term at most, for something the whole group should hear of.",
    "Reminder": "The first word about it: lateness, chatter, missing kit. Nothing else follows.",
    "Break-time detention": "After a reminder for the same thing, or for keeping others from learning.",
    "After-school detention": "For what goes on after that, or for harm to somebody. Home is told first.",
}
