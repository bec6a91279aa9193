"""Sends messages home: each once, and in quiet hours only what is urgent.

PostgreSQL holds what waits; the bell only wakes the worker.

A message is taken in a transaction of its own before it is handed to the mail server. Whoever dies in between leaves
it taken: it may have gone, so it is not sent again but shown as not sent, for its writer to decide.
"""

from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.quiet_hours import is_quiet, next_sending
from audit.services import record
from core.acting import acting_as_system
from core.ids import UUID
from core.mailing import LOST, LOST_AFTER, REFUSED, Outcome, hand_over, open_line
from students.languages import in_both, words_of
from tutoring.sessions.enums import Sending
from tutoring.sessions.models import HomeMessage

LATER = timedelta(minutes=30)  # what the mail server will not take for now
NO_MORE = "Not sent: this contact may not be written to any more, or the address has changed."


@acting_as_system("home messages")
def send_waiting(now: datetime | None = None) -> int:
    """Send all whose time has come; returns how many went. A mail server that cannot be reached leaves them waiting."""
    now = now or timezone.now()
    give_up_lost(now)
    if not _due(now).exists():
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
    waiting = HomeMessage.objects.filter(state=Sending.WAITING, send_after__lte=now)
    return waiting.filter(urgent=True) if is_quiet(now) else waiting


def take_next(now: datetime) -> HomeMessage | None:
    """The next message, now this worker's alone."""
    with transaction.atomic():
        due = _due(now).select_for_update(skip_locked=True, of=("self",))
        message: HomeMessage | None = due.order_by("-urgent", "pk").first()
        if message is None:
            return None
        HomeMessage.objects.filter(pk=message.pk).update(
            state=Sending.SENDING, taken_at=now, attempts=F("attempts") + 1
        )
        message.attempts += 1
        return message


def _send(message: HomeMessage, line: BaseEmailBackend, now: datetime) -> bool:
    """Give it to the mail server and note what became of it; False where the line broke."""
    if not _may_go(message):
        _end(message, Sending.FAILED, NO_MORE)
        return True
    outcome = hand_over(_letter(message, line), attempt=message.attempts)
    end(message, outcome, now)
    return outcome != Outcome.CUT_OFF


def _may_go(message: HomeMessage) -> bool:
    """Whether its address is still on file and no court order has come before it since it was written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.may_write_home(%s)", [message.pk])
        return bool(cursor.fetchone()[0])


def _letter(message: HomeMessage, line: BaseEmailBackend) -> EmailMultiAlternatives:
    """As it was typed; who reads another language best is told so in it, with what follows in English."""
    letter = EmailMultiAlternatives(
        message.subject,
        message.body,
        to=[message.address],
        connection=line,
        headers={"Message-ID": f"<{message.pk}@home.waymark>"},
    )
    if words := words_of(message.language):
        letter.body, html = in_both(words, message.subject, words.say("typed"), message.body)
        letter.attach_alternative(html, "text/html")
    return letter


def take_along(contact: UUID, address: str, now: datetime) -> list[HomeMessage]:
    """What waits for somebody at home and can go with another mail to them; now that mail's alone.

    `address` is where the other mail goes, as PostgreSQL has just said that they may be written to there
    (guard.digest_facts). What was written to another address goes nowhere, as when it goes by itself.
    """
    with transaction.atomic():
        waiting = HomeMessage.objects.filter(contact=contact, state=Sending.WAITING, urgent=False)
        taken = list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
        rows = HomeMessage.objects.filter(pk__in=[message.pk for message in taken])
        rows.update(state=Sending.SENDING, taken_at=now, attempts=F("attempts") + 1)
    for message in taken:
        message.attempts += 1
        if message.address != address:
            _end(message, Sending.FAILED, NO_MORE)
    return [message for message in taken if message.address == address]


def end(message: HomeMessage, outcome: Outcome, now: datetime) -> None:
    """Note what became of a message that was taken."""
    match outcome:
        case Outcome.SENT:
            _end(message, Sending.SENT)
        case Outcome.LATER:
            again = now + LATER if message.urgent else max(message.send_after, next_sending(now + LATER))
            HomeMessage.objects.filter(pk=message.pk).update(state=Sending.WAITING, send_after=again, taken_at=None)
        case Outcome.NEVER:
            _end(message, Sending.FAILED, REFUSED)
        case Outcome.CUT_OFF:
            _end(message, Sending.FAILED, LOST)


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
