"""The link at the end of a weekly mail: it opens the page on which whoever gets the mail stops it, without signing in.

The door is a system actor of its own, to which PostgreSQL shows the one choice whose token it holds (migration 0005).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.urls import reverse

from core.acting import acting_as_system
from core.ids import UUID
from core.mail_links import hash_of, token_for
from tutoring.digests.models import DigestChoice

DOOR = "weekly mail door"


def token_of(choice: UUID) -> str:
    """The same in every mail: a link from an old mail stops the mail too."""
    return token_for("weekly mail", choice)


def stop_link(choice: DigestChoice) -> str:
    """The whole address; "" where it is not known at which address this Waymark stands."""
    if not choice.site:
        return ""
    return choice.site.rstrip("/") + reverse("digests:stop", args=[token_of(choice.pk)])


@contextmanager
def at_door(token: str) -> Iterator[DigestChoice | None]:
    """Inside, the database knows the one choice that the token opens, and nothing else."""
    with acting_as_system(DOOR), transaction.atomic():
        _show(token)
        try:
            yield DigestChoice.objects.filter(token_hash=hash_of(token)).first()
        finally:
            if not connection.needs_rollback:
                _show("")


def _show(token: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('waymark.weekly', %s, true)", [token])
