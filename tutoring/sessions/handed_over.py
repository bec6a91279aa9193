"""While a tutor's device is in a student's hands it opens the words to answer and nothing else.

The sign-in session carries a mark with the conversation's key. Until the tutor has proved again that it is them, every
other address leads to the page that asks for the device back; what the step-up had opened ends with the hand-over.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.step_up import end_elevation, is_elevated

SESSION_KEY = "handed_over"
HERE, BACK = "tutor_sessions:hand-over", "tutor_sessions:hand-back"
# Proving oneself, and ending the session altogether.
OPEN = {HERE, BACK, "sign_in:step-up", "account_logout", "core:health", "core:csrf", "core:policy-report"}


def begin(request: HttpRequest, session: uuid.UUID) -> None:
    """From now on the device is the student's."""
    end_elevation(request)
    request.session[SESSION_KEY] = str(session)


def handed_over(request: HttpRequest) -> uuid.UUID | None:
    """The conversation whose words are being answered, if the device is with the student."""
    key = request.session.get(SESSION_KEY)
    return uuid.UUID(key) if key else None


def take_back(request: HttpRequest) -> bool:
    """True where whoever asks has just proved to be the tutor; the mark is gone then."""
    if not is_elevated(request):
        return False
    request.session.pop(SESSION_KEY, None)
    return True


class HandedOverMiddleware:
    """Stands behind the sign-in, which decides first whether anybody is there at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """A hook of Django's: the address is known, the view has not run."""
        key = handed_over(request)
        match = request.resolver_match
        if key is None or (match is not None and match.view_name in OPEN):
            return None
        return redirect(BACK)
