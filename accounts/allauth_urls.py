"""The pages of allauth that Waymark has, one by one: no sign-up, no change of one's own address, no trusted browsers.

The names are allauth's, which asks for them itself.
"""

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as linked
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path, reverse_lazy
from django.views.generic import RedirectView, TemplateView

from accounts import single_sign_on
from accounts.sign_in_views import AppAdd, OwnSignIn, SignOut

_closed = login_not_required(TemplateView.as_view(template_name="account/signup_closed.html"))
_to_own_sign_in = RedirectView.as_view(url=reverse_lazy("mfa_index"))

urlpatterns = [
    path("", OwnSignIn.as_view(), name="mfa_index"),
    path("login/", account.login, name="account_login"),
    path("login/factor/", factors.authenticate, name="mfa_authenticate"),
    path("login/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("logout/", SignOut.as_view(), name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", _closed, name="account_signup"),
    path("email/", TemplateView.as_view(template_name="account/email.html"), name="account_email"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", reauthentication_required(account.password_set), name="account_set_password"),
    path("password/again/", account.reauthenticate, name="account_reauthenticate"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    path("password/reset/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("app/", AppAdd.as_view(), name="mfa_activate_totp"),
    path("app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("passkeys/", _to_own_sign_in, name="mfa_list_webauthn"),
    path("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/rename/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("school/", linked.connections, name="socialaccount_connections"),
    path("school/cancelled/", linked.login_cancelled, name="socialaccount_login_cancelled"),
    path("school/<str:provider_id>/", single_sign_on.begin, name="openid_connect_login"),
    path("school/<str:provider_id>/back/", single_sign_on.come_back, name="openid_connect_callback"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
