"""Whether the record is as it was written: every hash, seal and anchor worked out anew, outside the database."""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from audit.models import Seal
from audit.sealing import FIRST_PREV, SERIAL, mac_of, root_of

# How long an event may wait for its seal, and how long a transaction may plausibly have held one back.
LONGEST_WAIT = dt.timedelta(minutes=5)
LONGEST_TRANSACTION = dt.timedelta(hours=1)
_ANCHOR = re.compile(r"\banchor (\d+) ([0-9a-f]{64})\b")


class Fault(StrEnum):
    """What can be wrong, in the words of the report."""

    EDITED = "changed after it was written"
    REHASHED = "changed, with its hash, after it was sealed"
    DELETED = "sealed, and gone"
    SEAL_BROKEN = "does not fit the events it seals: some were removed, added or exchanged"
    CHAIN_BROKEN = "does not follow the seal before it"
    FORGED = "was not signed with the sealer's key"
    CUT_OFF = "was anchored outside, and is gone or another one"
    BACK_DATED = "carries a time from before the seal before its own"
    UNSEALED = "has waited too long for its seal"


@dataclass(frozen=True)
class Finding:
    """One fault, and the event or seal that has it."""

    fault: Fault
    where: str

    def __str__(self) -> str:
        return f"{self.where} {self.fault}"


@dataclass
class Verdict:
    """All that was looked at, and what is wrong with it; no findings means nothing was changed."""

    seals: int = 0
    events: int = 0
    waiting: int = 0
    anchors: int = 0
    sealed_until: dt.datetime | None = None
    findings: list[Finding] = field(default_factory=list)

    def find(self, fault: Fault, where: str) -> None:
        self.findings.append(Finding(fault, where))


def anchors_in(text: str) -> dict[int, bytes]:
    """Seal number → MAC, from an anchor file, or from the e-mails saved as text."""
    return {int(n): bytes.fromhex(mac) for n, mac in _ANCHOR.findall(text)}


@transaction.atomic
def verify_record(key: bytes, anchors: Mapping[int, bytes]) -> Verdict:
    """Read the whole record once; memory stays flat however long it is."""
    verdict = Verdict(anchors=len(anchors))
    seals = {seal.n: seal for seal in Seal.objects.order_by("n")}
    _check_chain(seals, key, verdict)
    _check_events(seals, verdict)
    _check_waiting(verdict)
    for n, mac in anchors.items():
        if n not in seals or not hmac.compare_digest(bytes(seals[n].mac), mac):
            verdict.find(Fault.CUT_OFF, f"Seal {n}")
    verdict.seals = len(seals)
    verdict.sealed_until = max((seal.at for seal in seals.values()), default=None)
    return verdict


def _check_chain(seals: Mapping[int, Seal], key: bytes, verdict: Verdict) -> None:
    prev, expected = FIRST_PREV, 1
    for n, seal in seals.items():
        if n != expected or bytes(seal.prev) != prev:
            verdict.find(Fault.CHAIN_BROKEN, f"Seal {n}")
        if not hmac.compare_digest(bytes(seal.mac), mac_of(seal, key)):
            verdict.find(Fault.FORGED, f"Seal {n}")
        prev, expected = bytes(seal.mac), n + 1


def _check_events(seals: Mapping[int, Seal], verdict: Verdict) -> None:
    """Under each seal in turn: is every event there, as it was, and are they the ones it signed?"""
    left = set(seals)
    for n, rows in groupby(_sealed_rows(), key=itemgetter(0)):
        left.discard(n)
        sealed = [_checked(row, seals, verdict) for row in rows]
        verdict.events += len(sealed)
        seal = seals.get(n)
        if seal is None or seal.count != len(sealed) or bytes(seal.root) != root_of(sealed):
            verdict.find(Fault.SEAL_BROKEN, f"Seal {n}")
    for n in sorted(left):
        verdict.find(Fault.SEAL_BROKEN, f"Seal {n}")


def _checked(row: tuple[Any, ...], seals: Mapping[int, Seal], verdict: Verdict) -> tuple[Any, bytes]:
    n, event_id, sealed_hash, at, own_hash, serial = row
    where, sealed_hash = f"Event {event_id}", bytes(sealed_hash)
    if at is None:
        verdict.find(Fault.DELETED, where)
        return event_id, sealed_hash
    if _hash(serial) != bytes(own_hash or b""):
        verdict.find(Fault.EDITED, where)
    elif sealed_hash != bytes(own_hash):
        verdict.find(Fault.REHASHED, where)
    if n - 1 in seals and at < seals[n - 1].at - LONGEST_TRANSACTION:
        verdict.find(Fault.BACK_DATED, where)
    return event_id, sealed_hash


def _check_waiting(verdict: Verdict) -> None:
    """Those that no seal holds yet: a few seconds are usual, minutes mean a dead sealer or a row slipped in."""
    for event_id, at, own_hash, serial in _rows(
        f"""SELECT e.id, e.at, e.hash, {SERIAL} FROM audit_event e
            WHERE NOT EXISTS (SELECT FROM audit_sealed s WHERE s.event_id = e.id)"""  # noqa: S608 our own constant
    ):
        verdict.waiting += 1
        if _hash(serial) != bytes(own_hash or b""):
            verdict.find(Fault.EDITED, f"Event {event_id}")
        if at < timezone.now() - LONGEST_WAIT:
            verdict.find(Fault.UNSEALED, f"Event {event_id}")


def _sealed_rows() -> Iterator[tuple[Any, ...]]:
    return _rows(
        f"""SELECT s.seal_id, s.event_id, s.hash, e.at, e.hash, CASE WHEN e.id IS NOT NULL THEN {SERIAL} END
            FROM audit_sealed s LEFT JOIN audit_event e ON e.id = s.event_id
            ORDER BY s.seal_id, s.event_id"""  # noqa: S608 our own constant
    )


def _rows(query: str) -> Iterator[tuple[Any, ...]]:
    """By a cursor on the server, some thousands at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(5000):
            yield from rows


def _hash(serial: str) -> bytes:
    return hashlib.sha256(serial.encode()).digest()


def in_words(findings: Iterable[Finding], longest: int = 50) -> list[str]:
    """The first so many findings as lines."""
    lines = [str(finding) for finding in findings]
    return lines[:longest] + ([f"… and {len(lines) - longest} more"] if len(lines) > longest else [])
