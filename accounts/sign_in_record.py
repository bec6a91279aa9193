"""Signing in, failing to, and signing out, on the record."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import User
from audit.services import record


def connect() -> None:
    """Called once when the app is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="record-sign-in")
    user_logged_out.connect(_signed_out, dispatch_uid="record-sign-out")
    user_login_failed.connect(_failed, dispatch_uid="record-sign-in-failed")


def _signed_in(sender: object, user: User, **kwargs: Any) -> None:
    record("sign_in.succeeded", by=user, obj=user)


def _signed_out(sender: object, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record("sign_in.ended", by=user, obj=user)


def _failed(sender: object, credentials: dict[str, Any], **kwargs: Any) -> None:
    """The address tried, if it is one: people type passwords into the wrong box."""
    tried = str(credentials.get("email") or credentials.get("username") or "")
    person = User.objects.filter(email__iexact=tried).first() if tried else None
    try:
        validate_email(tried)
    except ValidationError:
        tried = "not an address"
    record("sign_in.failed", by=None, obj=person, tried=tried)
