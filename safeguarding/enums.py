"""The words of the safeguarding file."""

from django.db import models


class Store(models.TextChoices):
    """Whose file a concern goes to; KCSIE, part four, for the second and the third."""

    CHILDREN = "children", "About a child"
    STAFF = "staff", "About an adult who works or helps here"
    HEAD = "head", "About whoever leads the school"


class Part(models.TextChoices):
    """What a child has to do with a concern."""

    SUBJECT = "subject", "It is about them"
    HARMED = "harmed", "Was harmed"
    ALLEGED = "alleged", "Is said to have harmed"
    WITNESS = "witness", "Saw or heard it"
    LINKED = "linked", "Is connected with it"


class Status(models.TextChoices):
    """Where a concern stands; whoever raised it sees the same."""

    SENT = "sent", "Sent"
    RECEIVED = "received", "Received"
    ACTING = "acting", "Being acted on"
    CLOSED = "closed", "Closed"


class Level(models.TextChoices):
    """How soon; in the order of the desk."""

    IMMEDIATE = "1_immediate", "Now"
    SAME_DAY = "2_same_day", "Today"
    TWO_DAYS = "3_two_days", "Within two days"
    ROUTINE = "4_routine", "In the usual way"


class Step(models.TextChoices):
    """What follows: the decision about a concern; each is written down with its reason (KCSIE, record keeping)."""

    TALK = "talk", "Talk with the child"
    MONITOR = "monitor", "Watch and note"
    SUPPORT = "support", "Support in school"
    EARLY_HELP = "early_help", "Early help assessment"
    SECTION_17 = "section_17", "Refer: child in need (section 17)"
    SECTION_47 = "section_47", "Refer: significant harm (section 47)"
    POLICE = "police", "Police"
    CHANNEL = "channel", "Channel (Prevent)"
    OTHER_AGENCY = "other_agency", "Another agency"
    NO_ACTION = "no_action", "No further action"


class Kind(models.TextChoices):
    """What an entry on the file is."""

    RAISED = "raised", "Concern raised"
    NOTE = "note", "Note"
    CHILD = "child", "What the child says and wants"
    PARENTS = "parents", "Parents told, or why not"
    CONTACT = "contact", "Call, mail or meeting"
    DECISION = "decision", "Decision and reason"
    ACTION = "action", "Action"
    REFERRAL = "referral", "Referral"
    ANSWER = "answer", "Answer of an agency"
    CHALLENGE = "challenge", "Challenge to an agency"
    MEETING = "meeting", "Meeting"
    CLOSED = "closed", "Closed: what came of it"
    REOPENED = "reopened", "Opened again"
