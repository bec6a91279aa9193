"""The link in the mail: signed, for one teacher, one student and one set of questions; opened through a narrow door.

The door is a system actor of its own, to which PostgreSQL shows the one row whose token it holds (migration 0002).
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from core.acting import acting_as_system
from core.ids import UUID
from tutoring.roundrobin.models import Ask

DOOR = "round robin door"


def token_of(ask: UUID) -> str:
    """The same each time, so that a reminder brings the same link; 256 bits that only this Waymark can make."""
    key = hmac.new(settings.SECRET_KEY.encode(), b"waymark.roundrobin", hashlib.sha256).digest()
    signed = hmac.new(key, str(ask).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What the table keeps of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_to(ask: Ask) -> str:
    """The whole address, for a mail to the one teacher it is for."""
    return ask.site.rstrip("/") + reverse("roundrobin:link", args=[token_of(ask.pk)])


@contextmanager
def at_door(token: str) -> Iterator[Ask | None]:
    """Inside, the database knows the one request that the token opens, used up or not, and nothing else."""
    with acting_as_system(DOOR), transaction.atomic():
        _show(token)
        try:
            yield Ask.objects.select_related("teacher", "asked_by").filter(token_hash=hash_of(token)).first()
        finally:
            if not connection.needs_rollback:
                _show("")


def is_good(ask: Ask) -> bool:
    """Not answered yet, not too old, and the teacher still works here."""
    return ask.answered_at is None and ask.good_until > timezone.now() and ask.teacher.is_active


def _show(token: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('waymark.asked', %s, true)", [token])
