"""Step-up: for 15 minutes after proving with a passkey or a code of an app that it is still you, what is secret opens.

The proof is always our own (NIST SP 800-63B, reauthentication): a fresh sign-in elsewhere, however strong, counts for
nothing here. It does not slide, and it ends with the session, or when the address or the browser is another.
"""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode

from core.views import keep_typed_text

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
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
    request.session[SESSION_KEY] = {"user": str(request.user.pk), "at": time.time(), "client": _client(request)}


def end_elevation(request: HttpRequest) -> None:
    """Back to what an ordinary session may."""
    request.session.pop(SESSION_KEY, None)


def _client(request: HttpRequest) -> str:
    """A mark of the address and browser a request comes from, not readable as either."""
    address = get_adapter().get_client_ip(request)
    browser = request.headers.get("User-Agent", "")
    return salted_hmac("waymark.step-up", f"{address} {browser}", algorithm="sha256").hexdigest()


class StepUpRequiredMixin:
    """Before a page about what is secret opens, the person proves that it is still them.

    Stands after the permission check among a view's parents. The question comes on opening the page. A form that was
    sent too late comes back to its writer with everything in it; nothing of it is kept on the server by this road.
    """

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answers = hasattr(self, str(request.method).lower())
        if answers and not is_elevated(request):
            return ask_again(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the proof; 401 with what was typed for a form, 401 JSON for a script."""
    url = f"{reverse('sign_in:step-up')}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request") or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"signed_in": True, "step_up": url}, status=401)
    if request.method in ("GET", "HEAD"):
        return redirect(url)
    return keep_typed_text(request, status=401, step_up=reverse("sign_in:step-up"))
