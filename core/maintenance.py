"""For commands that set up a school before anybody works there: everything in here runs as the database's owner."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

OWNER_ALIAS = "owner"


@contextmanager
def as_owner() -> Iterator[None]:
    """Policies let the owner through, so DATABASE_OWNER_URL must be set; never entered by the running service."""
    ours = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[OWNER_ALIAS]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = ours
