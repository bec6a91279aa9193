"""Words of a conversation: its kind, its topics, who may read it, who owns a next step."""

from django.db import models


class Kind(models.TextChoices):
    ONE_TO_ONE = "one_to_one", "1:1"
    CALL_HOME = "call_home", "Call home"
    HOME_VISIT = "home_visit", "Home visit"
    MEETING = "meeting", "Meeting"


# The kinds that count as "seen this term": the student was there.
SEEN_KINDS = frozenset({Kind.ONE_TO_ONE, Kind.HOME_VISIT})
# The kinds that reach the family.
HOME_KINDS = frozenset({Kind.CALL_HOME, Kind.HOME_VISIT})


class Topic(models.TextChoices):
    ATTENDANCE = "attendance", "Attendance"
    FRIENDSHIPS = "friendships", "Friendships"
    WELLBEING = "wellbeing", "Wellbeing"
    PROGRESS = "progress", "Progress"
    HOME = "home", "Home"
    NEXT_STEPS = "next_steps", "Next steps"


class Confidentiality(models.TextChoices):
    TEACHING = "teaching", "All who teach the student"
    TEAM = "team", "Tutor team and house"
    NAMED = "named", "Only me and the people I name"


class Owner(models.TextChoices):
    STUDENT = "student", "Student"
    STAFF = "staff", "Staff"
    HOME = "home", "Home"
