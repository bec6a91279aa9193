"""Where everything else is read from, and the school's own choices."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
# One visible switch for the demo: a known password, a banner, e-mail printed to the console.
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY")
# Encrypts what people are typing: "2:base64,1:base64"; the first key encrypts, all decrypt (core.encryption).
FIELD_KEYS = env.str("FIELD_KEYS", default="")
# How staff reach Waymark, "https://waymark.school.example": for links in mails that no request asked for. "": no link.
SITE_URL = env.str("SITE_URL", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Off only where the browser speaks plain HTTP to this machine itself (demo and tests).
HTTPS = env.bool("HTTPS", default=True)
# Report PDFs and uploaded imports; web and worker must share it.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data")))
