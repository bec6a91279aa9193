"""Words of a conversation: its kind, its topics, who may read it, who owns a next step."""

from django.db import models


class Kind(models.TextChoices):
    """What kind of thing a conversation is: what the software reasons with. What a school calls it is a SessionKind."""

    ONE_TO_ONE = "one_to_one", "1:1"
    REVIEW = "review", "Review"
    NOTE = "note", "Quick note"
    CALL_HOME = "call_home", "Call home"
    HOME_VISIT = "home_visit", "Home visit"
    MEETING = "meeting", "Meeting with staff"
    AGENCY = "agency", "Agency meeting"
    SMALL_GROUP = "small_group", "Small group"
    GROUP = "group", "Group tutorial"


# The kinds that reach the family.
HOME_KINDS = frozenset({Kind.CALL_HOME, Kind.HOME_VISIT})
# With several students at once: not logged on the page of one.
GROUP_KINDS = frozenset({Kind.SMALL_GROUP, Kind.GROUP})
# One entry of these may concern several: a group, a note, staff or an agency about them, a call about siblings.
FOR_SEVERAL = GROUP_KINDS | HOME_KINDS | {Kind.NOTE, Kind.MEETING, Kind.AGENCY}
# The author spoke with the student; of the others they only wrote.
WITH_STUDENT = frozenset({Kind.ONE_TO_ONE, Kind.REVIEW})
# Somebody spoke with the student alone or with the family: not a note, not a meeting about them, not a group.
SPOKEN = WITH_STUDENT | HOME_KINDS


class Topic(models.TextChoices):
    ATTENDANCE = "attendance", "Attendance"
    FRIENDSHIPS = "friendships", "Friendships"
    WELLBEING = "wellbeing", "Wellbeing"
    PROGRESS = "progress", "Progress"
    HOME = "home", "Home"
    NEXT_STEPS = "next_steps", "Next steps"


class Way(models.TextChoices):
    """How people spoke with each other; of a contact home its own `Mode` says it."""

    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "By phone"
    ONLINE = "online", "Online"
    WRITING = "writing", "In writing"


class Confidentiality(models.TextChoices):
    TEACHING = "teaching", "All who teach the student"
    TEAM = "team", "Tutor team and house"
    NAMED = "named", "Only me and the people I name"

    @classmethod
    def levels(cls, tutor: str) -> list[tuple[str, str]]:
        """The choices, with the team under the school's own word for a tutor."""
        return [(level.value, f"{tutor} team and house" if level == cls.TEAM else str(level.label)) for level in cls]


class Owner(models.TextChoices):
    STUDENT = "student", "Student"
    STAFF = "staff", "Staff"
    HOME = "home", "Home"
    OUTSIDE = "outside", "Somebody outside"


class Answer(models.TextChoices):
    """What a student says to words agreed with them."""

    OPEN = "open", "Not answered yet"
    CONFIRMED = "confirmed", "Confirmed"
    AMENDED = "amended", "In other words"
    DISPUTED = "disputed", "Does not agree"


class Happened(models.TextChoices):
    """What became of words agreed, as it is said at a later 1:1."""

    YES = "yes", "It happened"
    PARTLY = "partly", "Partly"
    NO = "no", "Not yet"


class AnsweredHow(models.TextChoices):
    DEVICE = "device", "on the tutor’s device"


class Mode(models.TextChoices):
    """How home was reached."""

    PHONE = "phone", "By phone"
    MESSAGE = "message", "By message"
    LETTER = "letter", "By letter"
    VISIT = "visit", "At home"
    SCHOOL = "school", "In school"


class Tone(models.TextChoices):
    """What the news was."""

    GOOD = "good", "Good news"
    MIXED = "mixed", "A bit of both"
    HARD = "hard", "Hard news"


class Outcome(models.TextChoices):
    """What came of trying."""

    REACHED = "reached", "We spoke"
    MESSAGE = "message", "Left a message"
    NO_ANSWER = "no_answer", "No answer"
    RINGS_BACK = "rings_back", "They will ring back"


# Something was said or written: only then was there news.
NEWS = frozenset({Outcome.REACHED, Outcome.MESSAGE})


class Sending(models.TextChoices):
    """Where a message home stands."""

    WAITING = "waiting", "Waits to be sent"
    SENDING = "sending", "Is being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Not sent"


class Feeling(models.IntegerChoices):
    """How a student says they feel, in their own hands: the best first, as the page shows it."""

    GREAT = 5, "Great"
    GOOD = 4, "Good"
    OK = 3, "OK"
    LOW = 2, "Not so good"
    BAD = 1, "Bad"
