"""Signing in: docs/decisions/0008-sign-in.md."""

from datetime import timedelta
from typing import Any

from config import single_sign_on
from config.settings.environment import env

# Every member of staff holds a passkey or an app with codes. False lets people in by password alone: for the demo only.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=True)
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.RoleBackend"]
PASSWORD_HASHERS = ["accounts.passwords.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.passwords.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.ContextWordsValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_IDLE = 30 * 60  # seconds; what a page sends by itself does not count (accounts/sessions.py)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses come from the school's own staff file
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Waymark: "
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# A whole school signs in from one address; a guesser from many. The lock itself is django-axes's, below.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "100/m/ip,100/h/key",
    "second_factor": "10/15m/key",
    "reset_password": "60/m/ip,3/10m/key",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"

MFA_ADAPTER = "accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TRUST_ENABLED = False
MFA_TOTP_ISSUER = "Waymark"
MFA_TOTP_TOLERANCE = 1  # the code before and after, for clocks that differ; accounts/factor_forms.py takes each once
MFA_FORMS = {
    "authenticate": "accounts.factor_forms.CodeForm",
    "reauthenticate": "accounts.factor_forms.CodeAgainForm",
    "activate_totp": "accounts.factor_forms.AppForm",
    "add_webauthn": "accounts.factor_forms.PasskeyForm",
    "login_webauthn": "accounts.factor_forms.PasskeySignInForm",
    "authenticate_webauthn": "accounts.factor_forms.PasskeyCodeForm",
}

# The school's own Microsoft or Google accounts; none unless the environment names them.
_ISSUERS = single_sign_on.apps(
    microsoft=(
        env.str("OIDC_MICROSOFT_TENANT", default=""),
        env.str("OIDC_MICROSOFT_CLIENT", default=""),
        env.str("OIDC_MICROSOFT_SECRET", default=""),
    ),
    google=(
        env.str("OIDC_GOOGLE_DOMAIN", default=""),
        env.str("OIDC_GOOGLE_CLIENT", default=""),
        env.str("OIDC_GOOGLE_SECRET", default=""),
    ),
)
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "provider_class": "accounts.single_sign_on.SchoolProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": _ISSUERS,
    }
}
SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.LinkedAccounts"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False

# Ten wrong passwords for one account from one address: that account waits there, nobody else does.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "accounts.lock_out.account_of"
AXES_CLIENT_IP_CALLABLE = "accounts.lock_out.address_of"
AXES_LOCKOUT_CALLABLE = "accounts.lock_out.locked"
AXES_SENSITIVE_PARAMETERS = ["login", "email", "username", "ip_address"]
AXES_DISABLE_ACCESS_LOG = True  # the audit record tells who signed in
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
