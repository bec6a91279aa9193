"""How allauth behaves here: invitation only, one page to prove that it is still you, the last factor stays."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.mail_after import send_after
from accounts.models import Membership, User
from accounts.second_factor import has_factor, may_use_password
from audit.origin import client_address
from audit.services import record
from core.encryption import place_of, ring

# allauth says whose secret it is neither when it writes nor when it reads it.
FACTOR_SECRET = place_of("mfa_authenticator", "any", "data")


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; addresses come from the staff file; account changes ask for a factor where there is one."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This email address and password do not belong together. Please try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """After signing in people are sent to this host alone; a malformed address is no address of ours."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_client_ip(self, request: HttpRequest) -> str:
        """As our own proxies tell it; where nothing tells (a command, a socket), an address that is nobody's."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 (nothing listens here)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Whoever holds a factor proves it with that; a password alone counts only until the first is added."""
        if not user.is_authenticated:
            return []
        if has_factor(user) or may_use_password(user):
            return [_method("step_up", "sign_in:step-up")]
        if user.has_usable_password():
            return [_method("reauthenticate", "account_reauthenticate")]
        return []

    def pre_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse | None:
        """Somebody with no work at the school today is a leaver, whatever the account says."""
        response: HttpResponse | None = super().pre_login(request, user, **told)
        if response is None and not Membership.objects.current().filter(user=user, school=user.school).exists():
            clear_login(request)
            response = self.respond_user_inactive(request, user)
        return response

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Only after the answer, which takes as long for an address that nobody has."""
        record("password.reset_asked", by=None, obj=user)
        told = {"request": self.request, "email": email, "current_site": get_current_site(self.request)} | context
        send_after(self.render_mail("account/email/password_reset_key", email, told))

    def reauthenticate(self, user: User, password: str) -> bool:
        """By the same road as signing in, so that wrong passwords count for the lock."""
        return bool(self.authenticate(context.request, email=user.email, password=password) == user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")


def _method(name: str, address: str) -> dict[str, Any]:
    return {"id": name, "description": "Confirm that it is you", "url": reverse(address)}


class FactorAdapter(DefaultMFAAdapter):
    """How secrets of apps are kept, what factors are called, and which may go."""

    def encrypt(self, text: str) -> str:
        """The secret of an app and the seed of recovery codes, unreadable in a dump of the database."""
        return base64.b64encode(ring().encrypt(text.encode(), FACTOR_SECRET)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return ring().decrypt(base64.b64decode(encrypted_text), FACTOR_SECRET).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one while a second factor is required: add the new one first."""
        if not settings.REQUIRE_SECOND_FACTOR:
            return True
        return bool(
            Authenticator.objects.filter(user_id=authenticator.user_id)
            .exclude(pk=authenticator.pk)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
            .exists()
        )

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Waymark"}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """A first guess at what to call a passkey, to be written over."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "My passkey" if number == 1 else f"Passkey {number}"
