"""Links in mails that open without signing in: signed, so that only this Waymark can make one."""

import base64
import hashlib
import hmac

from django.conf import settings

from core.ids import UUID


def token_for(purpose: str, key: UUID) -> str:
    """The same each time, so that the next mail brings the same link; 256 bits, of no use for another purpose."""
    secret = hmac.new(settings.SECRET_KEY.encode(), f"waymark.{purpose}".encode(), hashlib.sha256).digest()
    signed = hmac.new(secret, str(key).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What a table keeps of it."""
    return hashlib.sha256(token.encode()).hexdigest()
