"""Sends the weekly mails: one a contact and week, never in quiet hours, and none where there is nothing good to tell.

Messages of praise that wait for it go with it, so that who chose the weekly mail gets one mail.

A mail is taken in a transaction of its own before it is handed to the mail server, like messages home: whoever dies in
between leaves it taken, and as it may have gone, it is not sent again.
"""

import datetime as dt
import logging
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.quiet_hours import is_quiet
from audit.services import record
from core.acting import acting_as_system
from core.mailing import LOST, LOST_AFTER, REFUSED, Outcome, hand_over, open_line
from tutoring.digests.enums import State
from tutoring.digests.letters import Facts, Line, facts_of, lines_of, worth_sending
from tutoring.digests.links import stop_link
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.digests.translated import written
from tutoring.digests.weeks import rhythms_of, week_to_send
from tutoring.sessions.models import HomeMessage
from tutoring.sessions.outbox import end as end_message
from tutoring.sessions.outbox import take_along

logger = logging.getLogger(__name__)
JOB = "family digests"
UNWRITTEN = "It could not be written: nothing went to the mail server."


@acting_as_system(JOB)
def send_digests(now: dt.datetime | None = None) -> int:
    """All of the week whose time has come; returns how many went. Run again or by two workers, each goes once."""
    now = now or timezone.now()
    _give_up_lost(now)
    week = week_to_send(now)
    if week is None or is_quiet(now):
        return 0
    _put_down(week)
    if not _open(week).exists():
        return 0
    with open_line("the weekly mails") as line:
        return _send_all(week, line, now) if line else 0


def _put_down(week: dt.date) -> None:
    """A row for each contact who gets a mail that week; where there is one, it stays as it is."""
    there = FamilyDigest.objects.filter(week=week, contact__isnull=False).values("contact")
    missing = DigestChoice.objects.filter(rhythm__in=rhythms_of(week)).exclude(contact__in=there)
    rows = [FamilyDigest(contact_id=c.contact_id, student_id=c.student_id, week=week) for c in missing]
    FamilyDigest.objects.bulk_create(rows, ignore_conflicts=True)


def _open(week: dt.date) -> QuerySet[FamilyDigest]:
    """What waits: also of whoever was to get it when a line was left out, and still is."""
    chosen = DigestChoice.objects.filter(rhythm__in=rhythms_of(week)).values("contact")
    return FamilyDigest.objects.filter(week=week, state=State.OPEN, held=False, contact__in=chosen)


def _send_all(week: dt.date, line: BaseEmailBackend, now: dt.datetime) -> int:
    sent = 0
    tried: set[Any] = set()
    while digest := _take_next(week, now, tried):
        tried.add(digest.pk)
        if not _send(digest, line):
            break  # a broken line would take the next one along
        sent += digest.state == State.SENT
    return sent


def _take_next(week: dt.date, now: dt.datetime, tried: set[Any]) -> FamilyDigest | None:
    """The next mail, now this worker's alone; one that was refused for now waits for the next run."""
    with transaction.atomic():
        waiting = _open(week).exclude(pk__in=tried).select_for_update(skip_locked=True, of=("self",))
        digest = waiting.order_by("pk").first()
        if digest is None:
            return None
        FamilyDigest.objects.filter(pk=digest.pk).update(state=State.SENDING, taken_at=now, attempts=F("attempts") + 1)
        digest.attempts += 1
        return digest


def _send(digest: FamilyDigest, line: BaseEmailBackend) -> bool:
    """Write it, give it to the mail server and note what became of it; False where the line broke."""
    key = digest.contact_id
    facts = facts_of([key], digest.week).get(key) if key else None
    lines = lines_of(facts, digest.left_out) if facts else []
    with_it = take_along(key, facts.address, timezone.now()) if facts and key else []
    if facts is None or not (with_it or worth_sending(lines)):
        _end(digest, State.EMPTY)
        return True
    try:
        letter = _letter(digest, facts, lines, [message.body for message in with_it])
        letter.connection = line
        outcome = hand_over(letter, attempt=digest.attempts)
    except Exception as error:
        _could_not_write(digest, with_it, error)
        return True
    _note(digest, lines, with_it, outcome)
    return outcome != Outcome.CUT_OFF


def _could_not_write(digest: FamilyDigest, with_it: list[HomeMessage], error: Exception) -> None:
    """Nothing was handed over: what was to go along goes by itself, and the others get their mails."""
    logger.error("The weekly mail %s could not be written (%s).", digest.pk, type(error).__name__)
    for message in with_it:
        end_message(message, Outcome.LATER, timezone.now())
    _end(digest, State.FAILED, error=UNWRITTEN)


def _note(digest: FamilyDigest, lines: list[Line], with_it: list[HomeMessage], outcome: Outcome) -> None:
    for message in with_it:
        end_message(message, outcome, timezone.now())
    match outcome:
        case Outcome.SENT:
            _end(digest, State.SENT, went=[told.part for told in lines if not told.left_out])
        case Outcome.LATER:
            FamilyDigest.objects.filter(pk=digest.pk, state=State.SENDING).update(state=State.OPEN, taken_at=None)
        case Outcome.NEVER:
            _end(digest, State.FAILED, error=REFUSED)
        case Outcome.CUT_OFF:
            _end(digest, State.FAILED, error=LOST)


def _letter(digest: FamilyDigest, facts: Facts, lines: list[Line], with_it: list[str]) -> EmailMultiAlternatives:
    choice = DigestChoice.objects.get(contact=digest.contact_id)
    stop = stop_link(choice)
    mail = written(facts, lines, stop, choice.language, with_it)
    headers = {"Message-ID": f"<{digest.pk}@digest.waymark>"} | ({"List-Unsubscribe": f"<{stop}>"} if stop else {})
    letter = EmailMultiAlternatives(mail.subject, mail.plain, to=[facts.address], headers=headers)
    if mail.html:
        letter.attach_alternative(mail.html, "text/html")
    return letter


@transaction.atomic
def _end(digest: FamilyDigest, state: State, **values: Any) -> None:
    """Only one caller ends a mail."""
    sent_at = timezone.now() if state == State.SENT else None
    taken = FamilyDigest.objects.filter(pk=digest.pk, state=State.SENDING)
    if taken.update(state=state, sent_at=sent_at, **values):
        digest.state = state
        record(f"digest.{state}", by=None, obj=digest, attempts=digest.attempts)


def _give_up_lost(now: dt.datetime) -> None:
    """Those taken long ago and never ended: their worker is gone."""
    for digest in FamilyDigest.objects.filter(state=State.SENDING, taken_at__lt=now - LOST_AFTER):
        _end(digest, State.FAILED, error=LOST)
