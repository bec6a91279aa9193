"""Between signing in and every page: sessions that ended, leavers, and the second factor."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts import second_factor, sessions

Handler = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]

# Until a factor is there: adding one, proving to be oneself for that, and leaving.
BEFORE_THE_FACTOR = frozenset(
    {
        *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"),
        *("account_reauthenticate", "sign_in:step-up", "account_logout"),
        *("account_change_password", "account_set_password", "account_email"),
    }
)


class SignInMiddleware:
    """Ends sessions that idled, grew too old or belong to a leaver; without a factor only adding one is open."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        if reason := sessions.reason_to_end(request):
            sessions.end_this_session(request, reason)
            return None  # a stranger from here on: the pages behind this one know what to do
        sessions.note_activity(request)
        if not getattr(view, "login_required", True) or _name(request) in BEFORE_THE_FACTOR:
            return None
        return _ask_for_factor(request) if second_factor.is_missing(request) else None


class ConfirmAgainMiddleware:
    """Sends whoever must prove again who they are to do so, and keeps nothing of what they had sent.

    allauth would put the whole form, however private, into the session. It stands behind allauth's own middleware,
    and so hears of it first.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ReauthenticationRequired):
            return None
        methods = get_adapter().get_reauthentication_methods(request.user)
        url = methods[0]["url"] if methods else reverse("account_login")
        return redirect(f"{url}?{urlencode({'next': request.get_full_path()})}")


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _ask_for_factor(request: HttpRequest) -> HttpResponse:
    """To the page that adds a factor, or to the one that proves the factor this session has not seen."""
    if request.headers.get("HX-Request") or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"signed_in": True, "second_factor": False}, status=403)
    if not second_factor.has_factor(request.user):  # type: ignore[arg-type]
        return redirect("mfa_index")
    return redirect(f"{reverse('sign_in:step-up')}?{urlencode({'next': request.get_full_path()})}")
