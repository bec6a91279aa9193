"""Where a request came from, for whatever it puts on the record."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from ipaddress import ip_address
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest

# Line breaks, escape sequences and invisible marks that could make one line of a log look like two.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


@dataclass(frozen=True)
class Origin:
    """The request's own number, the client's IP address (None without one) and its user agent, cut short."""

    request_id: UUID = field(default_factory=uuid4)
    address: str | None = None
    agent: str = ""


_NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


def current_origin() -> Origin:
    """Of the request that is being answered; an empty one outside requests."""
    return _current.get()


def one_line(text: str, longest: int) -> str:
    """The text on one line without control characters, cut to so many characters."""
    return _UNPRINTABLE.sub(" ", text).strip()[:longest]


def client_address(request: HttpRequest) -> str | None:
    """The client's IP address. Behind proxies, what the first of ours noted: what stands before, anybody may write."""
    said = request.META.get("REMOTE_ADDR", "")
    if proxies := settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        noted = request.headers.get("X-Forwarded-For", "").split(",")
        said = noted[-min(proxies, len(noted))].strip() or said
    try:
        return str(ip_address(said))
    except ValueError:
        return None


@contextmanager
def arriving(request: HttpRequest) -> Iterator[None]:
    """For as long as this request is being answered, the record says where it came from."""
    agent = one_line(request.headers.get("User-Agent", ""), 120)
    token = _current.set(Origin(uuid4(), client_address(request), agent))
    try:
        yield
    finally:
        _current.reset(token)
