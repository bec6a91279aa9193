"""The sealer in tests: its role on the tests' own connection, and a key."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection

from audit.models import Event
from audit.sealing import Sealing, seal_events
from audit.services import record
from audit.verifying import Fault, Verdict, verify_record

KEY = b"the sealer's key, thirty-two bytes or more"


def as_sealer() -> AbstractContextManager[None]:
    return as_role("waymark_sealer")


def as_owner() -> AbstractContextManager[None]:
    return as_role("waymark_owner")


@contextmanager
def as_role(name: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute(f"SET ROLE {name}")
        try:
            yield
        finally:
            cursor.execute(f"SET ROLE {before}")


def seal(since: str = "0") -> Sealing:
    with as_sealer():
        done = seal_events(KEY, since)
    assert done is not None
    return done


def verify(anchors: dict[int, bytes] | None = None) -> Verdict:
    with as_sealer():
        return verify_record(KEY, anchors or {})


def faults(anchors: dict[int, bytes] | None = None) -> set[Fault]:
    return {finding.fault for finding in verify(anchors).findings}


def sealed_record() -> list[Event]:
    """Six events under two seals, in the order they were written."""
    events = []
    for action in ("session.logged", "step.done", "export.made", "session.changed", "step.changed", "school.changed"):
        events.append(record(action, by=None, words="as written"))
        if action == "export.made":
            seal()
    seal()
    return events


def tamper(sql: str, *parameters: object) -> None:
    """As somebody who owns the tables and takes the triggers off first."""
    tables = ("audit_event", "audit_seal", "audit_sealed")
    with as_owner(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
