"""The words of an investigation.

Source: Department for Education, “Preventing and tackling bullying” (2017) and “Behaviour in schools” (2024): schools
find out who, what, why and whether it stopped; motives follow the protected characteristics of the Equality Act 2010.
"""

from django.db import models


class Kind(models.TextChoices):
    """What it is about, as far as one knows when it is opened."""

    BULLYING = "bullying", "Bullying"
    CYBER = "cyber", "Bullying online"
    PREJUDICE = "prejudice", "Prejudice or discrimination"
    PHYSICAL = "physical", "Fighting or hurting"
    HARASSMENT = "harassment", "Harassment"
    OTHER = "other", "Other behaviour"


class Part(models.TextChoices):
    """What somebody has to do with it. None of these is a finding."""

    TARGET = "target", "Said to have been harmed"
    ALLEGED = "alleged", "Said to have done it"
    WITNESS = "witness", "Saw or heard it"
    REPORTER = "reporter", "Told us"


class Status(models.TextChoices):
    """Where it stands; PostgreSQL says so from the entries."""

    OPEN = "open", "Being looked into"
    FOUND = "found", "Finding made"
    CLOSED = "closed", "Closed"


class Method(models.TextChoices):
    """How it was done."""

    IN_PERSON = "in_person", "In person"
    ONLINE = "online", "Online or by phone"
    BOTH = "both", "Both"
    THINGS = "things", "By what was done to belongings"
    OTHERS = "others", "Through others, as by rumours or leaving out"
    UNKNOWN = "unknown", "Not known"


class Motive(models.TextChoices):
    """What it turned on."""

    APPEARANCE = "appearance", "Appearance"
    SEND = "send", "Disability or special educational needs"
    RACE = "race", "Race or ethnicity"
    RELIGION = "religion", "Religion or belief"
    SEX = "sex", "Sex"
    ORIENTATION = "orientation", "Sexual orientation"
    GENDER = "gender", "Gender reassignment"
    HOME = "home", "Circumstances at home, or being a carer"
    NONE = "none", "Nothing that one could see"
    UNKNOWN = "unknown", "Not known"


class Entry(models.TextChoices):
    """What an entry is."""

    OPENED = "opened", "Opened"
    NAMED = "named", "Somebody named"
    ADDED = "added", "Added or corrected"
    EVIDENCE = "evidence", "Evidence"
    ACTION = "action", "What was done"
    LET_GO = "let_go", "A statement that will not come"
    FINDING = "finding", "Finding"
    FOLLOWED = "followed", "Follow-up"
    DROPPED = "dropped", "Follow-up left out"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Opened again"


class Written(models.TextChoices):
    """Who wrote a statement down."""

    OWN = "own", "Written by themselves"
    TAKEN = "taken", "Taken down in their words"


class Asked(models.TextChoices):
    """What they say who were harmed, weeks later."""

    YES = "yes", "Yes"
    NO = "no", "No, it goes on"
    UNSURE = "unsure", "Not sure"
    LEFT_OUT = "left_out", "Nobody was asked"
