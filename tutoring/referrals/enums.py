"""Words of referrals: where an agency stands, consent, how a referral stands, kinds of notes."""

from django.db import models

WORDS = r"\S"  # at least one sign that is no space


class Place(models.TextChoices):
    """Whether somebody of the school or an agency outside it."""

    INSIDE = "inside", "Inside school"
    OUTSIDE = "outside", "Outside agency"


class Consent(models.TextChoices):
    """Who agreed to it. Without consent the reason is compulsory.

    Sharing to keep a child safe needs no consent where asking is not possible, would put the child at risk or is not
    reasonable (Data Protection Act 2018, Schedule 1, paragraph 18); the decision is written down either way.
    """

    STUDENT = "student", "The student agrees"
    PARENT = "parent", "A parent or carer agrees"
    BOTH = "both", "The student and a parent or carer agree"
    NONE = "none", "Without consent, for the reason below"


class Status(models.TextChoices):
    """How a referral stands."""

    SENT = "sent", "Sent"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    ACCEPTED = "accepted", "Accepted"
    WAITING = "waiting", "On their waiting list"
    FINISHED = "finished", "Finished"
    DECLINED = "declined", "Declined by them"
    WITHDRAWN = "withdrawn", "Withdrawn by us"


CLOSED = (Status.FINISHED, Status.DECLINED, Status.WITHDRAWN)
REPLIES = (Status.ACKNOWLEDGED, Status.ACCEPTED, Status.WAITING)


class NoteKind(models.TextChoices):
    """What a line of the history tells."""

    REPLY = "reply", "A reply came"
    CHASED = "chased", "Chased"
    SHARED = "shared", "Something was shared with them"
    FEEDBACK = "feedback", "Feedback to the referrer"
    CONSENT = "consent", "Consent changed"
    HANDED = "handed", "Another key person"
