"""Sends messages home: each once, never in quiet hours. PostgreSQL holds what waits; the bell only wakes the worker.

A message is taken in a transaction of its own before it is handed to the mail server. Whoever dies in between leaves
it taken: it may have gone, so it is not sent again but shown as not sent, for its writer to decide.
"""

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.quiet_hours import is_quiet, next_sending
from audit.services import record
from core.acting import acting_as_system
from tutoring.sessions.enums import Sending
from tutoring.sessions.models import HomeMessage

logger = logging.getLogger(__name__)
LOST_AFTER = timedelta(minutes=15)
LATER = timedelta(minutes=30)
MOST_ATTEMPTS = 5
PERMANENT = 500  # SMTP replies from here on say that trying again is no use (RFC 5321, 4.2.1)
LOST = "Cut off while it was being sent: it may have arrived or not."
REFUSED = "The mail server would not take it."


@acting_as_system("home messages")
def send_waiting(now: datetime | None = None) -> int:
    """Send all whose time has come; returns how many went. A mail server that cannot be reached leaves them waiting."""
    now = now or timezone.now()
    give_up_lost(now)
    if is_quiet(now) or not _due(now).exists():
        return 0
    mail = get_connection()
    try:
        # Before anything is taken: what cannot go stays waiting.
        mail.open()
    except OSError as error:
        logger.warning("No mail server for messages home (%s); they wait.", type(error).__name__)
        return 0
    sent = 0
    try:
        while message := take_next(now):
            if not _hand_over(message, mail, now):
                break  # a broken line would take the next one along
            sent += message.state == Sending.SENT
    finally:
        mail.close()
    return sent


def _due(now: datetime) -> QuerySet[HomeMessage]:
    return HomeMessage.objects.filter(state=Sending.WAITING, send_after__lte=now)


def take_next(now: datetime) -> HomeMessage | None:
    """The next message, now this worker's alone."""
    with transaction.atomic():
        message: HomeMessage | None = _due(now).select_for_update(skip_locked=True, of=("self",)).order_by("pk").first()
        if message is None:
            return None
        HomeMessage.objects.filter(pk=message.pk).update(
            state=Sending.SENDING, taken_at=now, attempts=F("attempts") + 1
        )
        message.attempts += 1
        return message


def _hand_over(message: HomeMessage, mail: Any, now: datetime) -> bool:
    """Give it to the mail server and note what became of it; False where the line broke."""
    letter = EmailMessage(
        message.subject,
        message.body,
        to=[message.address],
        connection=mail,
        headers={"Message-ID": f"<{message.pk}@home.waymark>"},
    )
    try:
        letter.send()
    except smtplib.SMTPResponseException as error:
        _refused(message, now, for_now=error.smtp_code < PERMANENT)
    except smtplib.SMTPRecipientsRefused as error:
        _refused(message, now, for_now=all(code < PERMANENT for code, _ in error.recipients.values()))
    except OSError:
        _end(message, Sending.FAILED, LOST)
        return False
    else:
        _end(message, Sending.SENT)
    return True


def _refused(message: HomeMessage, now: datetime, *, for_now: bool) -> None:
    """The server said no: for now, then it waits half an hour; or for good."""
    if for_now and message.attempts < MOST_ATTEMPTS:
        again = next_sending(now + LATER)
        HomeMessage.objects.filter(pk=message.pk).update(state=Sending.WAITING, send_after=again, taken_at=None)
    else:
        _end(message, Sending.FAILED, REFUSED)


@transaction.atomic
def _end(message: HomeMessage, state: Sending, error: str = "") -> None:
    """Its words go: they stand with the session. Only one caller ends a message."""
    sent_at = timezone.now() if state == Sending.SENT else None
    taken = HomeMessage.objects.filter(pk=message.pk, state=Sending.SENDING)
    if taken.update(state=state, sent_at=sent_at, body="", error=error):
        message.state = state
        action = "home_message.sent" if state == Sending.SENT else "home_message.failed"
        record(action, by=None, obj=message, attempts=message.attempts)


def give_up_lost(now: datetime) -> None:
    """Those taken long ago and never ended: their worker is gone."""
    for message in HomeMessage.objects.filter(state=Sending.SENDING, taken_at__lt=now - LOST_AFTER):
        _end(message, Sending.FAILED, LOST)
