"""The WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from core.encryption import ring  # noqa: E402 (needs the settings)

# Without its keys this process could neither keep nor show what people type: say so now, not to the first of them.
ring()
