"""The forms of second factors: each code is taken once, and guessing at codes ends early."""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.dispatch import Signal
from django.utils.crypto import salted_hmac

# A code is right for its own 30 seconds and, by MFA_TOTP_TOLERANCE, for those before and after.
CODE_LIVES = 90 + 30  # seconds
# request, user (None where nobody is known yet)
passkey_refused = Signal()


class OnceMixin:
    """Takes a right code once, and allows ten wrong ones in a quarter of an hour for one person."""

    def clean_code(self) -> str:
        user: Any = self.user  # type: ignore[attr-defined]
        if not ratelimit.consume(context.request, action="second_factor", key=str(user.pk)):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        typed = "".join(self.cleaned_data["code"].split())  # type: ignore[attr-defined]
        mark = salted_hmac("waymark.code", f"{user.pk}{typed}", algorithm="sha256").hexdigest()
        if cache.get(f"code:{mark}"):
            raise forms.ValidationError("That code was used already. Wait for the next, within 30 seconds.")
        code: str = super().clean_code()  # type: ignore[misc]
        if not cache.add(f"code:{mark}", "used", CODE_LIVES):
            raise get_adapter().validation_error("incorrect_code")
        ratelimit.clear(context.request, action="second_factor", key=str(user.pk))
        return code


def _code_field(label: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True})
    return forms.CharField(label=label, max_length=20, widget=widget)


class CodeForm(OnceMixin, AuthenticateForm):
    """At sign-in: a code of the app, or a recovery code."""

    code = _code_field("Code from your app, or a recovery code")


class CodeAgainForm(OnceMixin, ReauthenticateForm):
    """While signed in, before something that asks for more."""

    code = _code_field("Code from your app, or a recovery code")


class AppForm(OnceMixin, ActivateTOTPForm):
    """Adding an app: the first code it shows."""

    code = _code_field("The six digits the app shows")


class ToldMixin:
    """Says on the record that a passkey was refused; allauth says so of codes only."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except forms.ValidationError:
            passkey_refused.send(sender=type(self), request=context.request, user=self.user)  # type: ignore[attr-defined]
            raise


class PasskeySignInForm(ToldMixin, LoginWebAuthnForm):
    """Signing in with a passkey alone."""


class PasskeyCodeForm(ToldMixin, AuthenticateWebAuthnForm):
    """After the password."""


class PasskeyAgainForm(ToldMixin, ReauthenticateWebAuthnForm):
    """While signed in, before something that asks for more."""


class PasskeyForm(AddWebAuthnForm):
    """Adding a passkey; as a rule one that signs in by itself."""

    name = forms.CharField(
        label="What to call it", required=False, max_length=60, help_text="“Staffroom laptop”, “my phone” …"
    )
    passwordless = forms.BooleanField(
        label="Sign in with it alone, without a password",
        required=False,
        initial=True,
        help_text="Your device then asks for finger, face or PIN. Take this off for an older security key.",
    )
