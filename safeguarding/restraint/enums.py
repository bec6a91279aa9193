"""The words of a restrictive intervention.

Source: Schools (Recording and Reporting of Seclusion and Restraint) (No. 2) (England) Regulations 2025; Department for
Education, “Restrictive interventions, including use of reasonable force, in schools” (in force from 1 April 2026).
"""

from django.db import models


class What(models.TextChoices):
    """What was used. Where an event was several of them, one record says all."""

    FORCE = "force", "Reasonable force"
    PHYSICAL = "physical", "Physical restraint"
    OTHER = "other", "Restraint without force"
    SECLUSION = "seclusion", "Seclusion"


MEANS = {
    What.FORCE: "Guiding, blocking or holding somebody against their will, in more than a passing way.",
    What.PHYSICAL: "Holding a pupil, or part of them, so that they cannot move freely.",
    What.OTHER: "Stopping movement without touching, such as taking a walking frame or a wheelchair’s battery away.",
    What.SECLUSION: "Alone in a place they are stopped from leaving. Never as a sanction.",
}


class Reason(models.TextChoices):
    """What it had to prevent; the law knows no other (Education and Inspections Act 2006, section 93)."""

    INJURY = "injury", "Somebody hurting themselves or others"
    OFFENCE = "offence", "An offence"
    DAMAGE = "damage", "Damage to property"
    DISORDER = "disorder", "Disorder, so that teaching and good order go on"


class Part(models.TextChoices):
    INVOLVED = "involved", "Was involved"
    WITNESS = "witness", "Saw it"


class MyPart(models.TextChoices):
    """What whoever writes it down had to do with it."""

    INVOLVED = "involved", "I was involved"
    WITNESS = "witness", "I saw it"
    TOLD = "told", "I was told, and write it down for somebody"


class Kind(models.TextChoices):
    """What an entry on the record is."""

    RECORDED = "recorded", "Recorded"
    ADDED = "added", "Added or corrected"
    LETTER = "letter", "Letter to parents"
    TOLD = "told", "Parents told in writing"
    EXCUSED = "excused", "Parents not told, and why"
    STAFF = "staff", "Talk with the staff afterwards"
    PUPIL = "pupil", "Talk with the pupil afterwards"
    PLAN = "plan", "Plan looked at again"
    REVIEWED = "reviewed", "Reviewed by a leader"


class How(models.TextChoices):
    """How a letter reached them."""

    HANDED = "handed", "Handed over"
    POSTED = "posted", "Posted"
    SENT = "sent", "Sent by the school’s own mail"
