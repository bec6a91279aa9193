"""Handing mails to the mail server: many over one line, or one by itself; what it says, in four words."""

import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum, auto

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
PERMANENT = 500  # SMTP replies from here on say that trying again is no use (RFC 5321, 4.2.1)
PATIENCE = 20  # seconds for the mail server, where one mail goes by itself
LOST_AFTER = timedelta(minutes=15)  # a worker that took a mail so long ago is gone
LOST = "Cut off while it was being sent: it may have arrived or not."
REFUSED = "The mail server would not take it."


class Outcome(Enum):
    """What became of a mail: LATER it may be tried again; CUT_OFF it may have gone or not, and the line is broken."""

    SENT = auto()
    LATER = auto()
    NEVER = auto()
    CUT_OFF = auto()


@contextmanager
def open_line(what: str) -> Iterator[BaseEmailBackend | None]:
    """A line to the mail server, or None where there is none: ask before anything is taken, and what waits stays so."""
    line = get_connection()
    try:
        line.open()
    except OSError as error:
        logger.warning("No mail server for %s (%s); they wait.", what, type(error).__name__)
        yield None
        return
    try:
        yield line
    finally:
        line.close()


def hand_over(letter: EmailMessage, *, attempt: int) -> Outcome:
    """Send it over its own line; after the last attempt "later" is never."""
    try:
        letter.send()
    except smtplib.SMTPResponseException as error:
        codes = [error.smtp_code]
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
    except OSError:
        return Outcome.CUT_OFF
    else:
        return Outcome.SENT
    for_now = all(code < PERMANENT for code in codes)
    return Outcome.LATER if for_now and attempt < MOST_ATTEMPTS else Outcome.NEVER


def send_alone(letter: EmailMessage, what: str) -> bool:
    """Send one mail over a line of its own; False, and a line in the log, where it could not go."""
    letter.connection = get_connection(timeout=PATIENCE)
    try:
        letter.send()
    except OSError as error:  # smtplib's errors are such ones too
        logger.warning("%s could not go (%s); it waits.", what, type(error).__name__)
        return False
    return True
