"""What the tests of signing in share: people with passwords and factors, codes, and a session as a browser has it."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from tests.factories import person

PASSWORD = "three quiet otters"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def somebody(role: Role = Role.TUTOR, *, app: bool = False, **fields: Any) -> User:
    """A person with the password above, and an app where asked for."""
    user = person(role, **fields)
    user.set_password(PASSWORD)
    user.save()
    if app:
        add_app(user)
    return user


def add_app(user: User) -> Authenticator:
    """An app that shows codes of the secret above, and recovery codes beside it."""
    RecoveryCodes.activate(user)
    authenticator: Authenticator = TOTP.activate(user, SECRET).instance
    return authenticator


def code(steps: int = 0, secret: str = SECRET) -> str:
    """What the app shows now, or so many half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def recovery_code(user: User) -> str:
    held = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    first: str = held.wrap().get_unused_codes()[0]
    return first


def sign_in(client: Client, user: User, password: str = PASSWORD, **extra: str) -> HttpResponse:
    return client.post("/account/login/", {"login": user.email, "password": password, **extra})  # type: ignore[return-value]


def sign_in_with_code(client: Client, user: User, steps: int = 0) -> HttpResponse:
    sign_in(client, user)
    return client.post("/account/login/factor/", {"code": code(steps)})  # type: ignore[return-value]


def is_signed_in(client: Client) -> bool:
    return client.get("/keys/").status_code == 200


def events(action: str) -> list[dict[str, Any]]:
    """The details of every event of that action, oldest first."""
    return list(Event.objects.filter(action=action).order_by("at").values_list("detail", flat=True))
