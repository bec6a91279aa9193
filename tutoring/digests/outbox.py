"""Sends the weekly mails: one a contact and week, never in quiet hours, and none where there is nothing good to tell.

A mail is taken in a transaction of its own before it is handed to the mail server, like messages home: whoever dies in
between leaves it taken, and as it may have gone, it is not sent again.
"""

import datetime as dt
import logging
import smtplib
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.quiet_hours import is_quiet
from audit.services import record
from core.acting import acting_as_system
from tutoring.digests.enums import State
from tutoring.digests.letters import body_of, facts_of, lines_of, subject_of, worth_sending
from tutoring.digests.links import stop_link
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.digests.weeks import rhythms_of, week_to_send

logger = logging.getLogger(__name__)
JOB = "family digests"
LOST_AFTER = dt.timedelta(minutes=15)
MOST_ATTEMPTS = 5
PERMANENT = 500  # SMTP replies from here on say that trying again is no use (RFC 5321, 4.2.1)
LOST = "Cut off while it was being sent: it may have arrived or not."
REFUSED = "The mail server would not take it."


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
    mail = get_connection()
    try:
        # Before anything is taken: what cannot go stays waiting.
        mail.open()
    except OSError as error:
        logger.warning("No mail server for the weekly mails (%s); they wait.", type(error).__name__)
        return 0
    try:
        return _send_all(week, mail, now)
    finally:
        mail.close()


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


def _send_all(week: dt.date, mail: Any, now: dt.datetime) -> int:
    sent = 0
    tried: set[Any] = set()
    while digest := _take_next(week, now, tried):
        tried.add(digest.pk)
        if not _hand_over(digest, mail):
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


def _hand_over(digest: FamilyDigest, mail: Any) -> bool:
    """Write it and give it to the mail server; False where the line broke."""
    key = digest.contact_id
    facts = facts_of([key], digest.week).get(key) if key else None
    lines = lines_of(facts, digest.left_out) if facts else []
    if facts is None or not worth_sending(lines):
        _end(digest, State.EMPTY)
        return True
    stop = stop_link(DigestChoice.objects.get(contact=key))
    letter = EmailMessage(
        subject_of(facts), body_of(facts, lines, stop), to=[facts.address], connection=mail,
        headers={"Message-ID": f"<{digest.pk}@digest.waymark>"} | ({"List-Unsubscribe": f"<{stop}>"} if stop else {}),
    )  # fmt: skip
    try:
        letter.send()
    except smtplib.SMTPResponseException as error:
        _refused(digest, for_now=error.smtp_code < PERMANENT)
    except smtplib.SMTPRecipientsRefused as error:
        _refused(digest, for_now=all(code < PERMANENT for code, _ in error.recipients.values()))
    except OSError:
        _end(digest, State.FAILED, error=LOST)
        return False
    else:
        _end(digest, State.SENT, went=[line.part for line in lines if not line.left_out])
    return True


def _refused(digest: FamilyDigest, *, for_now: bool) -> None:
    if for_now and digest.attempts < MOST_ATTEMPTS:
        FamilyDigest.objects.filter(pk=digest.pk, state=State.SENDING).update(state=State.OPEN, taken_at=None)
    else:
        _end(digest, State.FAILED, error=REFUSED)


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
