"""Step-up: 15 minutes, not sliding, bound to the person, the address and the browser it was proved from."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from accounts.enums import Role
from accounts.models import User
from accounts.step_up import elevate, end_elevation, is_elevated
from tests.factories import person

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC)


def _request(session: SessionStore, user: Any, address: str = "192.0.2.7", browser: str = "Firefox") -> HttpRequest:
    request = RequestFactory().get("/", REMOTE_ADDR=address, headers={"User-Agent": browser})
    request.session, request.user = session, user
    return request


@pytest.fixture
def dsl() -> User:
    return person(Role.DSL)


@pytest.fixture
def session() -> SessionStore:
    session = SessionStore()
    session.create()
    return session


def test_nobody_is_elevated_by_signing_in_alone(session: SessionStore, dsl: User) -> None:
    assert not is_elevated(_request(session, dsl))


def test_it_lasts_fifteen_minutes_and_does_not_slide(session: SessionStore, dsl: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        elevate(_request(session, dsl))
        for minute in range(15):
            assert is_elevated(_request(session, dsl)), minute
            clock.shift(dt.timedelta(minutes=1))
        assert not is_elevated(_request(session, dsl))


def test_the_session_key_changes_with_it(session: SessionStore, dsl: User) -> None:
    before = session.session_key
    elevate(_request(session, dsl))
    assert session.session_key != before
    assert not SessionStore(session_key=before).exists(before or "")


@pytest.mark.parametrize("other", [{"address": "198.51.100.9"}, {"browser": "curl"}])
def test_another_address_or_browser_ends_it_for_good(session: SessionStore, dsl: User, other: dict[str, str]) -> None:
    elevate(_request(session, dsl))
    assert not is_elevated(_request(session, dsl, **other))
    assert not is_elevated(_request(session, dsl)), "it does not come back with the first address"


def test_it_is_one_person_s_alone(session: SessionStore, dsl: User) -> None:
    elevate(_request(session, dsl))
    assert not is_elevated(_request(session, AnonymousUser()))
    assert not is_elevated(_request(session, person(Role.DSL)))


def test_it_can_be_given_back(session: SessionStore, dsl: User) -> None:
    elevate(_request(session, dsl))
    end_elevation(_request(session, dsl))
    assert not is_elevated(_request(session, dsl))


def test_a_clock_set_back_gives_no_more_time(session: SessionStore, dsl: User) -> None:
    with time_machine.travel(NOON, tick=False):
        elevate(_request(session, dsl))
    with time_machine.travel(NOON - dt.timedelta(minutes=1), tick=False):
        assert not is_elevated(_request(session, dsl))
