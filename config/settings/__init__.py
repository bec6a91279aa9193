"""All settings, read from the environment and nowhere else.

Every variable is listed in `.env.example` with what it does; a test holds the two together.
"""

from config.settings.database import *  # noqa: F403
from config.settings.edge import *  # noqa: F403
from config.settings.environment import *  # noqa: F403
from config.settings.environment import BASE_DIR, DEBUG, env
from config.settings.installed import *  # noqa: F403
from config.settings.jobs import *  # noqa: F403
from config.settings.sign_in import *  # noqa: F403

# --- Mail -----------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Waymark <waymark@localhost>")

# --- The record of who did what: its sealer alone has the key, and sends the newest seal away ------
SEAL_KEY = env.str("SEAL_KEY", default="")
AUDIT_ANCHOR_EMAILS = env.list("AUDIT_ANCHOR_EMAILS", default=[])
# Namespace of addresses → the family of lines on the record that tells of their refusals (reports/migrations/0006).
RECORD_APART = {
    "safeguarding": "file", "case": "file", "restraint": "file", "transfer": "file", "investigations": "file",
}  # fmt: skip
AUDIT_ANCHOR_FILE = env.str("AUDIT_ANCHOR_FILE", default="")

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
