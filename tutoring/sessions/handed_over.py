"""While a tutor's device is in a student's hands it opens the page meant for them and nothing else.

The sign-in session carries a mark: which page, and the key of the conversation to answer or of the student who writes.
Until the tutor has proved again that it is them, every other address leads to the page that asks for the device back;
what the step-up had opened ends with the hand-over.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from accounts.second_factor import has_factor, may_use_password
from accounts.step_up import end_elevation, is_elevated

SESSION_KEY, PAGE_KEY = "handed_over", "handed_over_page"
HERE, REFLECT, BACK = "tutor_sessions:hand-over", "tutor_sessions:reflect", "tutor_sessions:hand-back"
# Proving oneself, and ending the session altogether.
OPEN = {HERE, REFLECT, BACK, "sign_in:step-up", "account_logout", "core:health", "core:csrf", "core:policy-report"}


def can_be_locked(user: User) -> bool:
    """Whether this person has a proof of their own to take a device back with."""
    return has_factor(user) or may_use_password(user)


def ask_for_lock(request: HttpRequest) -> HttpResponse:
    """Where they have none."""
    messages.info(request, "Add a passkey or an app first: it locks the device while a student has it.")
    return redirect("mfa_index")


def begin(request: HttpRequest, key: uuid.UUID, page: str = HERE) -> None:
    """From now on the device is the student's, and opens this one page."""
    end_elevation(request)
    request.session[SESSION_KEY] = str(key)
    request.session[PAGE_KEY] = page


def handed_over(request: HttpRequest) -> uuid.UUID | None:
    """The conversation being answered or the student who writes, if the device is with a student."""
    key = request.session.get(SESSION_KEY)
    return uuid.UUID(key) if key else None


def page_given(request: HttpRequest) -> str:
    """The name of the page that the student has."""
    page: str = request.session.get(PAGE_KEY, HERE)
    return page


def take_back(request: HttpRequest) -> bool:
    """True where whoever asks has just proved to be the tutor; the mark is gone then."""
    if not is_elevated(request):
        return False
    request.session.pop(SESSION_KEY, None)
    request.session.pop(PAGE_KEY, None)
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
