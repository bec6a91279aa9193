"""The words of transfers."""

from django.db import models


class Basis(models.TextChoices):
    """From what day the time for sending a file runs; KCSIE, child protection file."""

    IN_YEAR = "in_year", "Leaves during a term: within 5 days"
    NEW_TERM = "new_term", "Starts elsewhere with a new term: within its first 5 days"


class Method(models.TextChoices):
    """How a file goes: in a way that nobody else can read it, and that leaves a trace."""

    SECURE_EMAIL = "secure_email", "Secure e-mail"
    SECURE_PORTAL = "secure_portal", "Secure portal"
    IN_PERSON = "in_person", "Handed over in person"
    RECORDED = "recorded", "Recorded delivery"


class Stage(models.TextChoices):
    """How far a transfer has come."""

    DUE = "due", "To be sent"
    SENT = "sent", "Sent, no receipt yet"
    DONE = "done", "Received there"
    NOT_SENT = "not_sent", "Stays here"
