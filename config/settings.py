"""All settings, in one file, read from the environment and nowhere else.

Every variable is listed in `.env.example` with what it does; a test holds the two together.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
import pghistory
from csp.constants import NONE, SELF

from config import single_sign_on

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- The school's own choices -------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
# One visible switch for the demo: a known password, a banner, e-mail printed to the console.
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY")
# Encrypts what people are typing: "2:base64,1:base64"; the first key encrypts, all decrypt (core.encryption).
FIELD_KEYS = env.str("FIELD_KEYS", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Off only where the browser speaks plain HTTP to this machine itself (demo and tests).
HTTPS = env.bool("HTTPS", default=True)
# Report PDFs and uploaded imports; web and worker must share it.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data")))

# --- Apps ---------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "rules.apps.AutodiscoverRulesConfig",
    "pgtrigger",
    "pghistory",
    # Ours, from the ground up: an app may import only those above it in this list.
    "core",
    "audit",
    "accounts",
    "students",
    "tutoring.groups",
    "tutoring.strategies",
    "tutoring.attendance",
    "tutoring.tutorials",
    "tutoring.progress",
    "tutoring.roundrobin",
    "tutoring.conduct",
    "tutoring.sessions",
    "tutoring.diary",
    "tutoring.visits",
    "tutoring.watch",
    "tutoring.plans",
    "tutoring.interventions",
    "tutoring.handover",
    "tutoring.followup",
    "tutoring.referrals",
    "tutoring.digests",
    "tutoring.notices",
    "tutoring.desk",
    "safeguarding",
    "exchange",
    "reports",
]

MIDDLEWARE = [
    # The headers first: every answer goes through them, also one that a guard below gives.
    "core.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.middleware.StrangeRequestsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Outside the request's transaction, so that a refusal stays on record when the request is rolled back.
    "audit.middleware.RecordMiddleware",
    # These two stand outside of the transaction: what waits for its end still finds the request, and may say something.
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ActorMiddleware",
    "accounts.sign_in_middleware.SignInMiddleware",
    "core.middleware.KeepTypedTextMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "tutoring.sessions.handed_over.HandedOverMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.sign_in_middleware.ConfirmAgainMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.navigation.context",
                "accounts.demo.context",
                "accounts.second_factor.context",
                "accounts.single_sign_on.context",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database: the web role reads and writes rows, the owner role alone changes tables ------
# Connections a process keeps open; 0 opens one for each request, as behind PgBouncer and in tests.
_POOL_SIZE = env.int("DATABASE_POOL", default=8)


def _database(url: str) -> dict[str, Any]:
    config: dict[str, Any] = env.db_url_config(url)
    # Ours binds the actor to each transaction: policies in the database ask who acts.
    config["ENGINE"] = "core.postgresql"
    config.setdefault("OPTIONS", {})
    return config


DATABASES = {"default": _database(env.str("DATABASE_URL"))}
DATABASES["owner"] = _database(env.str("DATABASE_OWNER_URL", default=env.str("DATABASE_URL")))
DATABASES["owner"]["TEST"] = {"MIRROR": "default"}
# After a restart of the server the first query finds a fresh connection, not a dead one.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"] |= {"connect_timeout": 3}
if _POOL_SIZE:
    # Attempts to reconnect double their waits; given up soon, the next request begins anew once the server is back.
    DATABASES["default"]["OPTIONS"] |= {
        "pool": {"min_size": 1, "max_size": _POOL_SIZE, "timeout": 3, "reconnect_timeout": 2}
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions and rate limits live in PostgreSQL, so that every page works while Redis is away.
CACHES = {"default": {"BACKEND": "core.cache.PlainDatabaseCache", "LOCATION": "cache"}}
SESSION_ENGINE = "accounts.session_store"  # keeps only hashes of the keys
SESSION_COOKIE_AGE = 10 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Jobs: PostgreSQL keeps the truth, Redis only rings the bell -------------------------------
REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
# A fresh process now and then: what a library leaks stays small. KiB; drawing reports takes about a third of it.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE = {
    "audit-watch-seals": {"task": "audit.watch_seals", "schedule": 5 * 60.0},
    # The doorbell may be lost with Redis; the sweeper rings it again for work that waits.
    "reports-sweep": {"task": "reports.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "exchange-sweep": {"task": "exchange.sweep", "schedule": 5.0},
    "accounts-purge-sessions": {"task": "accounts.purge_sessions", "schedule": 5 * 60.0, "options": {"expires": 60}},
    # What waits for the morning, or whose bell was lost.
    "messages-home": {"task": "tutor_sessions.send_home_messages", "schedule": 60.0, "options": {"expires": 60}},
    # Whoever has not come back from a home visit by the time they said.
    "visits-raise-alarms": {"task": "visits.raise_alarms", "schedule": 60.0, "options": {"expires": 60}},
    # Asking teachers and reminding them, on weekdays from 7 to 18.
    "roundrobin-send-mails": {"task": "roundrobin.send_mails", "schedule": 60.0, "options": {"expires": 60}},
    # The weekly mail to families, on Friday afternoon; any other hour finds nothing to do.
    # Mails to staff, as each chose; a look at somebody whose hour has not come costs nothing.
    "notices-send": {"task": "notices.send_notices", "schedule": 5 * 60.0, "options": {"expires": 60}},
    "digests-send": {"task": "digests.send_family_digests", "schedule": 5 * 60.0, "options": {"expires": 60}},
    # On the first day of a school year; any other hour finds nothing to do.
    "handover-start-years": {"task": "handover.start_years", "schedule": 60 * 60.0, "options": {"expires": 60}},
    "accounts-purge-drafts": {"task": "accounts.purge_drafts", "schedule": 24 * 60 * 60.0},
}

# --- Signing in: docs/decisions/0008-sign-in.md ---------------------------------------------------
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

# --- Mail -----------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Waymark <waymark@localhost>")

# --- The record of who did what: its sealer alone has the key, and sends the newest seal away ------
SEAL_KEY = env.str("SEAL_KEY", default="")
AUDIT_ANCHOR_EMAILS = env.list("AUDIT_ANCHOR_EMAILS", default=[])
AUDIT_ANCHOR_FILE = env.str("AUDIT_ANCHOR_FILE", default="")

# A history's keys are not looked up from the other side, so they need no index of their own.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

# --- Words, dates, files -----------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Without a charset the browser would have to guess how a drawing is written.
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- The edge -----------------------------------------------------------------------------------
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
# Takes the words of a form that somebody else may not see, and keeps them for who wrote them.
KEEP_FOR_WRITER = "accounts.drafts_views.keep_for_writer"
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Our scripts take the form token from the form.
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", default=True)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Only the addresses that our own proxies added to X-Forwarded-For are believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", default=1) if BEHIND_PROXY else 0
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Tabler draws its tick marks and arrows as data: pictures inside its own style sheet.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A form that begins single sign-on is sent on to the school's own sign-in page.
        "form-action": [
            SELF,
            *(app["settings"]["issuer"] for app in SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]),
        ],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "report-uri": "/csp/",
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "core.logs.OneLineFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "filters": {"refusals": {"()": "core.logs.NoTraceOfRefusals"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Ten lines for every report drawn, otherwise.
    "loggers": {
        # The sweepers' every-few-seconds lines would bury everything else.
        **{name: {"level": "WARNING"} for name in ("celery.app.trace", "celery.worker.strategy", "pikepdf")},
        **{name: {"level": "ERROR"} for name in ("weasyprint", "fontTools", "axes")},
        "django.request": {"filters": ["refusals"]},
    },
}
