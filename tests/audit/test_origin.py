"""Where an action came from: the true client's address, one line, no tricks."""

from typing import Any

import pytest
from django.test import RequestFactory

from audit.models import Event
from audit.origin import arriving, client_address, one_line
from audit.services import record


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "10.0.0.9"),
        (0, "203.0.113.5", "10.0.0.9"),  # nobody in front of us: the header is the client's own invention
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "1.1.1.1, 203.0.113.5", "203.0.113.5"),
        (1, "1.1.1.1,203.0.113.5\r\nX: y", None),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "<script>", None),
        (1, "", "10.0.0.9"),
        (2, "1.1.1.1, 203.0.113.5, 10.0.0.8", "203.0.113.5"),
        (2, "203.0.113.5", "203.0.113.5"),
    ],
)
def test_the_address_is_the_one_that_our_own_proxy_saw(
    settings: Any, proxies: int, forwarded: str, expected: str | None
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory(headers=headers, REMOTE_ADDR="10.0.0.9").get("/")) == expected


def test_one_line_stays_one_line() -> None:
    assert one_line("a\r\nb\x1b[31mc\u202ed\x00", 100) == "a b [31mc d"
    assert one_line("x" * 500, 120) == "x" * 120


@pytest.mark.django_db
def test_an_event_says_who_what_when_and_where() -> None:
    with arriving(RequestFactory(headers={"User-Agent": "Fire\r\nfox " * 40}, REMOTE_ADDR="10.0.0.9").get("/")):
        record("page.opened", by=None, q="a\nb")
    event = Event.objects.get()
    assert (event.action, event.actor_name, event.detail) == ("page.opened", "system", {"q": "a b"})
    assert (event.address, len(event.agent), event.agent[:8]) == ("10.0.0.9", 120, "Fire fox")
    assert len(event.request_id) == 36
    assert event.at
    assert event.xid
    assert event.hash
