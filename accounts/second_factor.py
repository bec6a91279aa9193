"""The second factor of every member of staff: who holds one, and whether this session was opened with one."""

import base64
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from core.encryption import ring

SESSION_KEY = "second_factor"
FACTORS = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)


def has_factor(user: User) -> bool:
    """Whether this person holds a passkey or an app; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def may_use_password(user: User) -> bool:
    """Where the demo asks for no second factor, somebody without one proves with the password that it is still them."""
    return not settings.REQUIRE_SECOND_FACTOR and user.has_usable_password() and not has_factor(user)


def is_missing(request: HttpRequest) -> bool:
    """Whether a factor is required and this session has seen none, by whichever way it was opened."""
    return settings.REQUIRE_SECOND_FACTOR and request.session.get(SESSION_KEY) != str(request.user.pk)


def remember(request: HttpRequest, user: User) -> None:
    """This session has seen a factor of this person, used or just added."""
    request.session[SESSION_KEY] = str(user.pk)


def renew_secrets(authenticator: Authenticator) -> None:
    """After FIELD_KEYS got a new first key: what the old one encrypted is encrypted anew when its owner uses it."""
    adapter, data = get_adapter(), authenticator.data
    for name in {"secret", "seed"} & set(data):
        if not base64.b64decode(data[name]).startswith(ring().header):
            data[name] = adapter.encrypt(adapter.decrypt(data[name]))
            authenticator.save(update_fields=["data"])


def on_added(request: HttpRequest, user: User, kind: str) -> None:
    """Whoever adds a factor has just proved to hold it."""
    remember(request, user)
    record_authentication(request, user, "mfa", type=kind, reauthenticated=True)


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: whether the demo eases the rule, and the frame of the pages about one's own sign-in.

    Until a factor is there these pages stand without the side bar, whose every line would lead back to them.
    """
    user = getattr(request, "user", None)
    missing = user is not None and user.is_authenticated and is_missing(request)
    frame = "base_signed_out.html" if missing else "base.html"
    return {"factor_eased": not settings.REQUIRE_SECOND_FACTOR, "account_frame": frame}
