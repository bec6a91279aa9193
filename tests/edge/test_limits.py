"""How often one person may search and take lists away, and what they are told beyond it."""

import time

import pytest
import time_machine
from django.test import Client

from accounts.enums import Role
from core.limits import EXPORTS, SEARCHES, Limit, is_within
from tests.factories import TermFactory, person

pytestmark = pytest.mark.django_db
TWICE = Limit("twice", 2, 60)


def test_a_window_that_slides() -> None:
    with time_machine.travel("2026-11-20 09:00:00+00:00", tick=False) as clock:
        assert [is_within(TWICE, "a") for _ in range(3)] == [True, True, False]
        assert is_within(TWICE, "b"), "each person has a count of their own"
        clock.shift(59)
        assert not is_within(TWICE, "a")
        clock.shift(2)
        assert is_within(TWICE, "a")


def test_what_was_refused_does_not_lengthen_the_wait() -> None:
    with time_machine.travel("2026-11-20 09:00:00+00:00", tick=False) as clock:
        for _ in range(10):
            is_within(TWICE, "a")
            clock.shift(5)
        clock.shift(15)
        assert is_within(TWICE, "a")


@pytest.fixture
def senco() -> Client:
    user = person(Role.SENCO)
    TermFactory.create(school=user.school)
    client = Client()
    client.force_login(user)
    return client


def test_the_eleventh_export_of_an_hour_is_asked_to_wait(senco: Client) -> None:
    answers = [senco.get("/reports/needs/csv/") for _ in range(EXPORTS.most + 1)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "3600"
    assert "10 times in 60 minutes" in answers[-1].content.decode()


def test_a_list_on_screen_is_not_counted(senco: Client) -> None:
    assert {senco.get("/reports/needs/").status_code for _ in range(12)} == {200}


def test_too_many_searches_are_told_so_in_place(senco: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.limits.cache.get", lambda *_: [time.time()] * SEARCHES.most)
    page = senco.post("/find/", {"q": "Oka"})
    piece = senco.post("/find/", {"q": "Oka"}, headers={"HX-Request": "true"})
    data = senco.post("/find/", {"q": "Oka"}, headers={"Accept": "application/json"})
    assert [page.status_code, piece.status_code, data.status_code] == [429, 429, 429]
    assert "<h1>One moment" in page.content.decode()
    assert "<html" not in piece.content.decode()
    assert data.json() == {"error": "too many in a short time"}
