"""Step-up: for 15 minutes after proving with a passkey or a code of an app that it is still you, what is secret opens.

The proof is always our own (NIST SP 800-63B, reauthentication): a fresh sign-in elsewhere, however strong, counts for
nothing here. It does not slide, and it ends with the session, or when the address or the browser is another.
"""

import time

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

LASTS = 15 * 60  # seconds
SESSION_KEY = "step_up"


def is_elevated(request: HttpRequest) -> bool:
    """Whether this person proved, in this session and within 15 minutes, that it is still them.

    Another address or browser than the one it was proved from ends it for good.
    """
    proof = request.session.get(SESSION_KEY)
    if proof is None or not request.user.is_authenticated:
        return False
    if proof["user"] != str(request.user.pk) or not constant_time_compare(proof["client"], _client(request)):
        end_elevation(request)
        return False
    return bool(proof["at"] <= time.time() < proof["at"] + LASTS)


def elevate(request: HttpRequest) -> None:
    """Begin the 15 minutes, under a new session key. Only for a caller that has just checked a passkey or code."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = {"user": str(request.user.pk), "at": time.time(), "client": _client(request)}


def end_elevation(request: HttpRequest) -> None:
    """Back to what an ordinary session may."""
    request.session.pop(SESSION_KEY, None)


def _client(request: HttpRequest) -> str:
    """A mark of the address and browser a request comes from, not readable as either."""
    address = get_adapter().get_client_ip(request)
    browser = request.headers.get("User-Agent", "")
    return salted_hmac("waymark.step-up", f"{address} {browser}", algorithm="sha256").hexdigest()
