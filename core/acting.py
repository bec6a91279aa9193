"""Who acts: bound to every database transaction as a signed token, which PostgreSQL's policies check.

No actor, no data: a query about students outside `acting_as` is an error, never an empty list. Why: decision 0006.
"""

import hashlib
import hmac
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connections
from django.utils import timezone

from core.ids import UUID

SETTING = "waymark.actor"
_BLOCK = 64  # bytes in a block of SHA-256, for HMAC (RFC 2104)


@dataclass(frozen=True)
class Actor:
    """A person (`user_id`) or one of our own jobs (`system`, a name such as "reports"); a job sees no student.

    `elevated` says that the person has just proved again who they are; `request_id` ties what happens in one request.
    """

    user_id: UUID | None = None
    system: str = ""
    elevated: bool = False
    request_id: UUID = field(default_factory=uuid.uuid4)

    @property
    def name(self) -> str:
        """How the token says it; "" for nobody."""
        return f"system:{self.system}" if self.system else str(self.user_id or "")


NOBODY = Actor()
# Where `acting_as` was never entered, nobody acts either; tests tell the two apart.
OUTSIDE = Actor()
_current: ContextVar[Actor] = ContextVar("actor", default=OUTSIDE)


def current_actor() -> Actor:
    """Who acts now; one without a name outside of `acting_as` and for a stranger's request."""
    return _current.get()


@contextmanager
def acting_as_system(name: str) -> Iterator[None]:
    """As one of our own jobs, with a request id of its own; also a decorator."""
    with acting_as(Actor(system=name)):
        yield


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Everything the database is asked in here is asked as this actor; an open transaction changes hands at once."""
    token = _current.set(actor)
    try:
        _rebind()
        yield
    finally:
        _current.reset(token)
        _rebind()


def _rebind() -> None:
    for connection in connections.all(initialized_only=True):
        rebind = getattr(connection, "rebind_actor", None)
        if rebind:
            rebind()


def signed_token() -> str:
    """The current actor as `waymark.actor` carries it, fresh for each transaction; "" for nobody.

    name|elevated|day|issued|request|mac. `day` is today where the school is: dates of memberships are meant so.
    """
    actor = current_actor()
    if not actor.name:
        return ""
    parts = (actor.name, "t" if actor.elevated else "f", timezone.localdate().isoformat(), f"{now():.6f}")
    return _signed("|".join([*parts, actor.request_id.hex]))


def door_token() -> str:
    """That nobody acts, as `waymark.door` carries it, signed too; "" while somebody acts.

    Signing in must write before there is an actor: a password, the last sign-in. Were it enough to have no actor,
    whoever injects SQL into a person's request would only have to take theirs away.
    """
    return "" if current_actor().name else _signed(f"door|{now():.6f}")


def _signed(text: str) -> str:
    return f"{text}|{hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()}"


def now() -> float:
    """Seconds since 1970: PostgreSQL refuses a token that is older than an hour, or from another time than its own."""
    return time.time()


def key_pads() -> tuple[bytes, bytes]:
    """The key as the database holds it: HMAC's inner and outer block, so that checking is two calls of sha256()."""
    block = _key().ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def _key() -> bytes:
    """32 bytes of their own, so that the key of sessions is never in the database."""
    return hmac.new(settings.SECRET_KEY.encode(), b"waymark.actor", hashlib.sha256).digest()
