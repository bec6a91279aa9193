"""Where a request came from, for whatever it puts on the record."""

import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.ids import uuid7

# Line breaks, escape sequences and invisible marks that could make one line of a log look like two.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


@dataclass(frozen=True)
class Origin:
    """The request's own number, the client's IP address (None without one) and its user agent, cut short."""

    request_id: str = ""
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
    """The client's IP address. Behind a proxy, the last that it noted: what stands before, anybody may write."""
    said = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or said
    try:
        return str(ip_address(said))
    except ValueError:
        return None


class OriginMiddleware:
    """Notes where each request comes from, for the record."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        agent = one_line(request.headers.get("User-Agent", ""), 120)
        token = _current.set(Origin(str(uuid7()), client_address(request), agent))
        try:
            return self.get_response(request)
        finally:
            _current.reset(token)
