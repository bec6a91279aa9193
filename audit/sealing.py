"""Seals over the record, made after the fact by a process of its own, so that no writer ever waits for another.

Certificate Transparency's way: events are hashed as they are written; every few seconds the sealer takes those that
can no longer be overtaken, signs them together with the seal before, and once a day the newest signature leaves the
machine. Only the sealer has the key.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from audit.models import Seal
from core.ids import UUID

# What an event's hash is taken of, as in migration 0005. Sent along by whoever verifies.
SERIAL = """jsonb_strip_nulls(jsonb_build_object(
    'id', e.id, 'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), 'xid', e.xid::text,
    'school', e.school_id, 'actor', e.actor_id, 'name', e.actor_name, 'action', e.action, 'type', e.object_type,
    'object', e.object_id, 'student', e.student_id, 'detail', e.detail::text, 'request', e.request_id,
    'address', host(e.address), 'agent', e.agent))::text"""
FIRST_PREV = bytes(32)
SHORTEST_KEY = 32
_LOCK = 0x5EA1

# Numbers of transactions become visible out of order: reading "all after the last" would miss what commits late.
# Below the snapshot's xmin everything has ended; at or above its xmax stand only rows restored from another server.
_TAKE = """
WITH horizon AS (SELECT pg_snapshot_xmin(s) AS low, pg_snapshot_xmax(s) AS high FROM pg_current_snapshot() AS s),
taken AS (
  INSERT INTO audit_sealed (event_id, seal_id, hash)
  SELECT e.id, %(n)s, coalesce(e.hash, '') FROM audit_event e
   WHERE e.xid >= %(since)s::xid8
     AND (e.xid < (SELECT low FROM horizon) OR e.xid >= (SELECT high FROM horizon))
     AND NOT EXISTS (SELECT FROM audit_sealed s WHERE s.event_id = e.id)
  RETURNING event_id, hash)
SELECT (SELECT low::text FROM horizon), event_id, hash FROM (SELECT 1) AS one LEFT JOIN taken ON true ORDER BY event_id
"""


class NoKeyError(RuntimeError):
    """SEAL_KEY is missing or too short: only the sealer's own environment has it."""


@dataclass(frozen=True)
class Sealing:
    """What one turn did: the new seal, None where nothing waited, and the horizon the next turn may begin at."""

    seal: Seal | None
    horizon: str


def key_from(text: str) -> bytes:
    """SEAL_KEY as bytes. Raises NoKeyError."""
    if len(text) < SHORTEST_KEY:
        raise NoKeyError(f"SEAL_KEY must have at least {SHORTEST_KEY} characters, in the sealer's environment alone.")
    return text.encode()


@transaction.atomic
def seal_events(key: bytes, since: str = "0") -> Sealing | None:
    """Seal what can no longer be overtaken, from transaction number `since` on; None while another sealer works."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
        last = Seal.objects.order_by("-n").first()
        n = last.n + 1 if last else 1
        cursor.execute(_TAKE, {"n": n, "since": since})
        rows = cursor.fetchall()
    taken = [(event_id, bytes(hashed)) for _, event_id, hashed in rows if event_id]
    if not taken:
        return Sealing(None, rows[0][0])
    prev = bytes(last.mac) if last else FIRST_PREV
    seal = Seal(n=n, at=timezone.now(), count=len(taken), root=root_of(taken), prev=prev)
    seal.mac = mac_of(seal, key)
    seal.save(force_insert=True)
    return Sealing(seal, rows[0][0])


def root_of(events: Iterable[tuple[UUID, bytes]]) -> bytes:
    """SHA-256 over (id, hash) of events in the order of their ids."""
    digest = hashlib.sha256()
    for event_id, hashed in events:
        digest.update(event_id.bytes + hashed)
    return digest.digest()


def mac_of(seal: Seal, key: bytes) -> bytes:
    """HMAC-SHA256 over all that a seal says."""
    at = seal.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")
    said = f"{seal.n}|{at}|{seal.count}|{bytes(seal.root).hex()}|{bytes(seal.prev).hex()}"
    return hmac.digest(key, said.encode(), "sha256")
