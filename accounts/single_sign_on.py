"""Signing in with the school's own Microsoft or Google account: who it is follows from issuer and subject alone.

Anybody can put a stranger's e-mail address on an account of their own somewhere, so that address is not even read. An
account is linked once, by a person who is signed in, and from then on the pair of issuer and subject leads back to it.
"""

import secrets
from typing import Any

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from requests import RequestException

from accounts import second_factor
from accounts.models import User
from audit.services import record
from core.acting import NOBODY, acting_as

SIGNED_BY = frozenset({"RS256", "PS256", "ES256"})


class PinnedIssuer(OpenIDConnectOAuth2Adapter):
    """One issuer, the school's own tenant; each token's signature, audience, age and tenant are looked at."""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        if config.get("issuer") != self._settings["issuer"]:
            raise OAuth2Error("The directory speaks for another issuer")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        claims = self._claims(app, kwargs["response"].get("id_token") or "")
        for name, value in self._settings["claims"].items():
            if claims.get(name) != value:
                raise OAuth2Error(f"Not of this school: {name}")
        login = self.get_provider().sociallogin_from_response(request, claims)
        login.nonce = str(claims.get("nonce", ""))
        return login

    def _claims(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            algorithm = jwt.get_unverified_header(id_token).get("alg")
        except jwt.PyJWTError as error:
            raise OAuth2Error("No token") from error
        if algorithm not in SIGNED_BY:
            raise OAuth2Error("Not signed in a way we accept")
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self._settings["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims

    @property
    def _settings(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get_provider().app.settings
        return found


class SchoolProvider(OpenIDConnectProvider):
    """Takes nothing from the token but who issued it and about whom; adds the nonce that allauth leaves out."""

    oauth2_adapter_class = PinnedIssuer
    pkce_enabled_default = True

    def extract_uid(self, data: dict[str, Any]) -> str:
        return f"{data['iss']} {data['sub']}"

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []

    def redirect(self, request: HttpRequest, process: str, **kwargs: Any) -> HttpResponse:
        """To the school's sign-in page; what the address bar asked to add (scopes, parameters) is left out."""
        nonce = secrets.token_urlsafe(32)
        kwargs |= {"scope": ["openid"], "auth_params": self.get_auth_params() | {"nonce": nonce}, "nonce": nonce}
        try:
            response: HttpResponse = super().redirect(request, process, **kwargs)
        except (OAuth2Error, RequestException) as error:  # the issuer is away, or not the one it should be
            response = render_authentication_error(request, self, exception=error)
        return response


class LinkedAccounts(DefaultSocialAccountAdapter):
    """Nobody signs up this way, nobody is found by e-mail, and one person links one account of each issuer."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Those of the settings only: a row in the database must not add an issuer."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        asked = sociallogin.state.get("nonce", "")
        if not asked or not constant_time_compare(asked, getattr(sociallogin, "nonce", "")):
            raise PermissionDenied("This token answers another question")
        if sociallogin.state.get("process") == "connect":
            self._check_link(request, sociallogin)
        elif not sociallogin.is_existing:
            record("single_sign_on.refused", by=None, provider=sociallogin.account.provider, reason="not linked")
            page = render(request, "socialaccount/not_linked.html", status=403)
            raise ImmediateHttpResponse(page)

    def _check_link(self, request: HttpRequest, sociallogin: Any) -> None:
        if not request.user.is_authenticated or second_factor.is_missing(request):
            raise PermissionDenied("Sign in first")
        provider = sociallogin.account.provider
        linked = SocialAccount.objects.filter(user=request.user, provider=provider)
        if linked.exclude(uid=sociallogin.account.uid).exists():
            raise PermissionDenied("Another account of this kind is linked already")

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        by = request.user if isinstance(request.user, User) else None
        reason = type(exception).__name__ if exception else str(error or "unknown")
        record("single_sign_on.refused", by=by, provider=str(provider.app.provider_id), reason=reason)


@login_not_required
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the school's sign-in page, by POST only; a GET shows the button."""
    return _view(OAuth2LoginView, request, provider_id)


@login_not_required
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where that page sends people back to: the issuer's word counts, not who may be signed in at this browser."""
    with acting_as(NOBODY):
        return _view(OAuth2CallbackView, request, provider_id)


def _view(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id not in {offered["id"] for offered in context(request)["single_sign_on"]}:
        raise Http404("No such sign-in")
    response: HttpResponse = view.adapter_view(PinnedIssuer(request, provider_id))(request)
    return response


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the school accounts that may be used, [{id, name}]."""
    apps: Any = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return {"single_sign_on": [{"id": app["provider_id"], "name": app["name"]} for app in apps]}
