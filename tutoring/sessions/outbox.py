"""Sends messages home: each once, never in quiet hours. PostgreSQL holds what waits; the bell only wakes the worker.

A message is taken in a transaction of its own before it is handed to the mail server. Whoever dies in between leaves
it taken: it may have gone, so it is not sent again but shown as not sent, for its writer to decide.
"""

from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.quiet_hours import is_quiet, next_sending
from audit.services import record
from core.acting import acting_as_system
from core.mailing import LOST, LOST_AFTER, REFUSED, Outcome, hand_over, open_line
from tutoring.sessions.enums import Sending
from tutoring.sessions.models import HomeMessage

LATER = timedelta(minutes=30)  # what the mail server will not take for now


@acting_as_system("home messages")
def send_waiting(now: datetime | None = None) -> int:
    """Send all whose time has come; returns how many went. A mail server that cannot be reached leaves them waiting."""
    now = now or timezone.now()
    give_up_lost(now)
    if is_quiet(now) or not _due(now).exists():
        return 0
    with open_line("messages home") as line:
        return _send_all(line, now) if line else 0


def _send_all(line: BaseEmailBackend, now: datetime) -> int:
    sent = 0
    while message := take_next(now):
        if not _send(message, line, now):
            break  # a broken line would take the next one along
        sent += message.state == Sending.SENT
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


def _send(message: HomeMessage, line: BaseEmailBackend, now: datetime) -> bool:
    """Give it to the mail server and note what became of it; False where the line broke."""
    letter = EmailMessage(
        message.subject,
        message.body,
        to=[message.address],
        connection=line,
        headers={"Message-ID": f"<{message.pk}@home.waymark>"},
    )
    outcome = hand_over(letter, attempt=message.attempts)
    match outcome:
        case Outcome.SENT:
            _end(message, Sending.SENT)
        case Outcome.LATER:
            again = next_sending(now + LATER)
            HomeMessage.objects.filter(pk=message.pk).update(state=Sending.WAITING, send_after=again, taken_at=None)
        case Outcome.NEVER:
            _end(message, Sending.FAILED, REFUSED)
        case Outcome.CUT_OFF:
            _end(message, Sending.FAILED, LOST)
    return outcome != Outcome.CUT_OFF


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
