"""Each step of signing in, each change of a factor or password: one line in the audit record."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social_signals
from allauth.usersessions.models import UserSession
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest

from accounts import second_factor, sessions
from accounts.factor_forms import passkey_refused
from accounts.models import School, User
from audit.services import record


def connect() -> None:
    """Called once, when the app is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="waymark.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="waymark.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="waymark.failed")
    user_locked_out.connect(_locked, dispatch_uid="waymark.locked")
    factor_signals.authenticator_added.connect(_factor_added, dispatch_uid="waymark.factor_added")
    factor_signals.authenticator_removed.connect(_factor_removed, dispatch_uid="waymark.factor_removed")
    factor_signals.authenticator_reset.connect(_codes_renewed, dispatch_uid="waymark.codes_renewed")
    factor_signals.authenticator_used.connect(_factor_used, dispatch_uid="waymark.factor_used")
    factor_signals.authentication_failed.connect(_code_refused, dispatch_uid="waymark.code_refused")
    passkey_refused.connect(_passkey_refused, dispatch_uid="waymark.passkey_refused")
    account_signals.password_changed.connect(_password_changed, dispatch_uid="waymark.password_changed")
    account_signals.password_set.connect(_password_set, dispatch_uid="waymark.password_set")
    account_signals.password_reset.connect(_password_reset, dispatch_uid="waymark.password_reset")
    social_signals.social_account_added.connect(_linked, dispatch_uid="waymark.linked")
    social_signals.social_account_removed.connect(_unlinked, dispatch_uid="waymark.unlinked")


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    record("sign_in.succeeded", by=user, obj=user)
    sessions.begin_clock(request)


def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        record("sign_in.ended", by=user, obj=user)
    UserSession.objects.filter(session_key=request.session.session_key).delete()


def _failed(credentials: dict[str, Any], **_: Any) -> None:
    """The address tried, if it is one: people type passwords into the wrong box."""
    tried = str(credentials.get("email") or credentials.get("username") or "")
    about = _about(tried)
    try:
        validate_email(tried)
    except ValidationError:
        tried = "not an address"
    record("sign_in.failed", by=None, obj=about, tried=tried)


def _locked(username: str, ip_address: str, **_: Any) -> None:
    record("sign_in.locked", by=None, obj=_about(username), address=ip_address)


def _about(tried: str) -> User | School | None:
    """The person with that address, else the school if there is but one: somebody there should see the attempt."""
    schools = School.objects.all()[:2]
    return User.objects.filter(email__iexact=tried).first() or (schools[0] if len(schools) == 1 else None)


def _factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    record("factor.added", by=user, obj=user, kind=authenticator.type)
    if authenticator.type in second_factor.FACTORS:
        second_factor.on_added(request, user, authenticator.type)
        _end_others(request, user)


def _factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    record("factor.removed", by=user, obj=user, kind=authenticator.type)
    _end_others(request, user)


def _codes_renewed(request: HttpRequest, user: User, **_: Any) -> None:
    record("factor.renewed", by=user, obj=user, kind=str(Authenticator.Type.RECOVERY_CODES))
    _end_others(request, user)


def _factor_used(
    request: HttpRequest, user: User, authenticator: Authenticator, reauthenticated: bool, passwordless: bool, **_: Any
) -> None:
    purpose = "again" if reauthenticated else "alone" if passwordless else "after the first"
    record("factor.used", by=user, obj=user, kind=authenticator.type, purpose=purpose)
    second_factor.remember(request, user)
    second_factor.renew_secrets(authenticator)


def _code_refused(user: User, **_: Any) -> None:
    record("factor.refused", by=user, obj=user, kind="code")


def _passkey_refused(user: User | None, **_: Any) -> None:
    record("factor.refused", by=user, obj=user, kind=str(Authenticator.Type.WEBAUTHN))


def _password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    record("password.changed", by=user, obj=user)
    _end_others(request, user)


def _password_set(request: HttpRequest, user: User, **_: Any) -> None:
    record("password.set", by=user, obj=user)
    _end_others(request, user)


def _password_reset(user: User, **_: Any) -> None:
    record("password.reset", by=user, obj=user)
    sessions.delete_sessions(user)


def _linked(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    user: User = sociallogin.user
    record("single_sign_on.linked", by=user, obj=user, provider=sociallogin.account.provider)
    _end_others(request, user)


def _unlinked(request: HttpRequest, socialaccount: Any, **_: Any) -> None:
    user: User = socialaccount.user
    record("single_sign_on.unlinked", by=user, obj=user, provider=socialaccount.provider)
    _end_others(request, user)


def _end_others(request: HttpRequest, user: User) -> None:
    """A change of how one signs in ends every session but this one (ASVS V7.4.3)."""
    ended = sessions.delete_sessions(user, keep=request.session.session_key)
    if ended:
        record("session.ended", by=user, obj=user, reason="sign-in changed", count=ended)
