"""What a mail server says, and what becomes of a mail then."""

import logging
import smtplib
from unittest import mock

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

from core.mailing import MOST_ATTEMPTS, Outcome, hand_over, open_line, send_alone

LETTER = EmailMessage("Subject", "Words of a private kind", to=["nobody@school.example"])
BUSY, UNKNOWN = (450, b"busy"), (550, b"unknown")
ANSWERS = {
    "busy": (smtplib.SMTPDataError(*BUSY), Outcome.LATER),
    "refused": (smtplib.SMTPDataError(*UNKNOWN), Outcome.NEVER),
    "sender refused": (smtplib.SMTPSenderRefused(500, b"no", "school"), Outcome.NEVER),
    "address busy": (smtplib.SMTPRecipientsRefused({"a": BUSY}), Outcome.LATER),
    "one address unknown": (smtplib.SMTPRecipientsRefused({"a": BUSY, "b": UNKNOWN}), Outcome.NEVER),
    "hung up": (smtplib.SMTPServerDisconnected("gone"), Outcome.CUT_OFF),
    "no network": (ConnectionResetError(), Outcome.CUT_OFF),
}


@pytest.mark.parametrize(("error", "outcome"), ANSWERS.values(), ids=ANSWERS)
def test_what_the_server_says_in_four_words(error: OSError, outcome: Outcome) -> None:
    with mock.patch.object(EmailBackend, "send_messages", side_effect=error):
        assert hand_over(LETTER, attempt=1) == outcome
    assert hand_over(LETTER, attempt=1) == Outcome.SENT
    assert len(mail.outbox) == 1


def test_after_the_last_attempt_later_is_never() -> None:
    with mock.patch.object(EmailBackend, "send_messages", side_effect=smtplib.SMTPDataError(*BUSY)):
        tried = [hand_over(LETTER, attempt=attempt) for attempt in (MOST_ATTEMPTS - 1, MOST_ATTEMPTS)]
    assert tried == [Outcome.LATER, Outcome.NEVER]


def test_a_line_is_closed_whatever_happens_and_none_where_there_is_no_server() -> None:
    with mock.patch.object(EmailBackend, "close") as close:
        with pytest.raises(ValueError, match="broken"), open_line("the mails") as line:
            raise ValueError("broken" if line else "no line")
        close.assert_called_once_with()
    with mock.patch.object(EmailBackend, "open", side_effect=ConnectionRefusedError), open_line("the mails") as line:
        assert line is None


def test_one_by_itself_goes_or_leaves_a_line_in_the_log_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    refused = smtplib.SMTPRecipientsRefused({"nobody@school.example": UNKNOWN})
    with mock.patch.object(EmailBackend, "send_messages", side_effect=refused), caplog.at_level(logging.WARNING):
        assert not send_alone(LETTER, "A mail to a colleague")
    assert caplog.messages == ["A mail to a colleague could not go (SMTPRecipientsRefused); it waits."]
    assert send_alone(LETTER, "A mail to a colleague")
