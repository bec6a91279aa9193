"""The edge: what browsers are told, whom a proxy may speak for, and what is logged."""

from csp.constants import NONE, SELF

from config.settings.environment import HTTPS, env
from config.settings.sign_in import SOCIALACCOUNT_PROVIDERS

CSRF_FAILURE_VIEW = "core.views.csrf_failure"
# Takes the words of a form that somebody else may not see, and keeps them for who wrote them.
KEEP_FOR_WRITER = "accounts.drafts_views.keep_for_writer"
# Views with secret uploads take them in memory; all others as Django does.
FILE_UPLOAD_HANDLERS = [
    "core.upload_handlers.OffDiskHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
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
