"""The link in the mail: signed, for one teacher, one student and one set of questions; opened through a narrow door.

The door is a system actor of its own, to which PostgreSQL shows the one row whose token it holds (migration 0002).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from core.acting import acting_as_system
from core.ids import UUID
from core.mail_links import hash_of, token_for
from tutoring.roundrobin.models import Ask

DOOR = "round robin door"


def token_of(ask: UUID) -> str:
    """The same each time, so that a reminder brings the same link."""
    return token_for("roundrobin", ask)


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
