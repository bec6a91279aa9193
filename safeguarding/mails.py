"""Mails to those who read the file: that there is something to read, and nothing else; at any hour, one a person.

A trigger puts down whom to tell (LeadAlert) without saying of what. It is taken in a transaction of its own before the
mail goes, so of two workers one sends it.
"""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from core.acting import acting_as_system
from core.ids import UUID
from core.mailing import LOST_AFTER, send_alone
from safeguarding.models import LeadAlert

logger = logging.getLogger(__name__)
JOB = "safeguarding"
TASK = "safeguarding.send_alerts"
# Over shoulders and on locked screens: neither that it is safeguarding, nor whom or what it is about.
SUBJECT = "Waymark: please open your desk now"


@acting_as_system(JOB)
def send_alerts(now: dt.datetime | None = None) -> int:
    """To everybody who is to be told; returns how many mails went. Where the mail server says no, they wait."""
    now = now or timezone.now()
    return sum(_tell(person, alerts, now) for person, alerts in _taken(now).items())


@transaction.atomic
def _taken(now: dt.datetime) -> dict[UUID, list[UUID]]:
    """person → their alerts, which nobody else takes for a while."""
    free = Q(taken_at=None) | Q(taken_at__lt=now - LOST_AFTER)
    waiting = LeadAlert.objects.select_for_update(skip_locked=True).filter(free, sent_at=None).order_by("made_at")
    found: dict[UUID, list[UUID]] = {}
    for alert in waiting:
        found.setdefault(alert.person_id, []).append(alert.pk)
    LeadAlert.objects.filter(pk__in=[pk for alerts in found.values() for pk in alerts]).update(taken_at=now)
    return found


def _tell(person: UUID, alerts: list[UUID], now: dt.datetime) -> bool:
    told = LeadAlert.objects.filter(pk__in=alerts)
    reader = User.objects.filter(pk=person, is_active=True).first()
    if reader and not _sent(reader):
        told.update(taken_at=None)
        return False
    told.update(sent_at=now)
    return reader is not None


def _sent(reader: User) -> bool:
    """One address that no mail can be made for stops nobody else's."""
    try:
        return send_alone(letter(reader), "A mail to a safeguarding lead")
    except ValueError as error:
        logger.warning("A mail to a safeguarding lead cannot be made (%s).", type(error).__name__)
        return False


def letter(person: User) -> EmailMessage:
    """The same words for everybody and everything; whoever has no safeguarding desk finds it on Today."""
    page = "safeguarding:desk" if person.has_perm(Permission.OPEN_FILE) else "desk:today"
    desk = settings.SITE_URL.rstrip("/") + reverse(page) if settings.SITE_URL else ""
    return EmailMessage(SUBJECT, render_to_string("safeguarding/mail.txt", {"desk": desk}), to=[person.email])
