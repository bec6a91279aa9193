"""Mail that leaves only after the answer did: how long it takes must not tell whether there is such an account."""

import logging
from contextvars import ContextVar

from django.core.mail import EmailMessage
from django.core.signals import request_finished

logger = logging.getLogger(__name__)
_waiting: ContextVar[tuple[EmailMessage, ...]] = ContextVar("mail_after", default=())


def send_after(message: EmailMessage) -> None:
    """Send it when the answer to this request has left."""
    _waiting.set((*_waiting.get(), message))


def connect() -> None:
    """Called once, when the app is ready."""
    request_finished.connect(_send, dispatch_uid="waymark.mail_after")


def _send(**_: object) -> None:
    waiting = _waiting.get()
    _waiting.set(())
    for message in waiting:
        try:
            message.send()
        except OSError:  # the mail server is away; the person asks again
            logger.exception("A mail about a password did not leave")
