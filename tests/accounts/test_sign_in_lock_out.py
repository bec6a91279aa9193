"""Guessing at passwords: the lock holds one account at one address and nobody else; strangers learn nothing from it."""

import datetime as dt
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.contrib.auth.hashers import get_hasher
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

from accounts.models import User
from tests.accounts.signing_in import PASSWORD, events, is_signed_in, sign_in, somebody

pytestmark = pytest.mark.django_db
SCHOOL, HOME = "192.0.2.1", "198.51.100.7"
NOON = dt.datetime(2026, 11, 16, 12, 0, tzinfo=dt.UTC)


def _guess(user_email: str, times: int, address: str = SCHOOL) -> Any:
    response = None
    for _ in range(times):
        fields = {"login": user_email, "password": "wrong"}
        response = Client(REMOTE_ADDR=address).post("/account/login/", fields)
    return response


@pytest.fixture
def anne() -> User:
    return somebody(email="anne@northgate.example")


@pytest.fixture
def bert() -> User:
    return somebody(email="bert@northgate.example")


def test_trap_1_nobody_is_locked_out_by_another_s_guessing_behind_the_school_s_one_address(
    anne: User, bert: User
) -> None:
    assert _guess(anne.email, 10).status_code == 429
    browser = Client(REMOTE_ADDR=SCHOOL)
    assert sign_in(browser, bert).status_code == 302
    assert is_signed_in(browser)


def test_a_staffroom_of_wrong_passwords_stops_nobody(bert: User) -> None:
    for number in range(40):
        _guess(f"colleague{number}@northgate.example", 1)
    assert sign_in(Client(REMOTE_ADDR=SCHOOL), bert).status_code == 302


def test_asvs_v6_3_1_ten_wrong_passwords_lock_the_account_there(anne: User) -> None:
    _guess(anne.email, 10)
    browser = Client(REMOTE_ADDR=SCHOOL)
    response = sign_in(browser, anne)
    assert response.status_code == 429
    assert "Wait a quarter of an hour" in response.content.decode()
    assert not is_signed_in(browser)
    assert len(events("sign_in.locked")) >= 1


def test_elsewhere_the_account_still_opens(anne: User) -> None:
    _guess(anne.email, 10)
    assert sign_in(Client(REMOTE_ADDR=HOME), anne).status_code == 302


def test_spelling_makes_no_second_account(anne: User) -> None:
    for spelling in ("Anne@Northgate.example", " anne@northgate.example ", "ANNE@NORTHGATE.EXAMPLE"):
        _guess(spelling, 4)
    assert sign_in(Client(REMOTE_ADDR=SCHOOL), anne).status_code == 429


def test_the_lock_ends_after_fifteen_minutes_however_often_somebody_tries_meanwhile(anne: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        _guess(anne.email, 10)
        clock.shift(dt.timedelta(minutes=14))
        assert _guess(anne.email, 1).status_code == 429
        clock.shift(dt.timedelta(minutes=2))
        assert sign_in(Client(REMOTE_ADDR=SCHOOL), anne).status_code == 302


def test_a_right_password_forgives_the_wrong_ones(anne: User) -> None:
    for _ in range(3):
        _guess(anne.email, 8)
        assert sign_in(Client(REMOTE_ADDR=SCHOOL), anne).status_code == 302


def test_guessing_from_many_addresses_ends_too(anne: User) -> None:
    for number in range(13):
        last = _guess(anne.email, 8, f"203.0.113.{number}")
    assert last.status_code in (200, 429)
    assert "Too many" in last.content.decode()


def test_no_password_is_kept_with_the_attempts(anne: User) -> None:
    from axes.models import AccessAttempt

    Client().post("/account/login/", {"login": anne.email, "password": "my secret otter"})
    kept = str(list(AccessAttempt.objects.values()))
    assert "otter" not in kept


class TestAStrangerLearnsNothing:
    @pytest.mark.parametrize("times", [1, 10])
    def test_asvs_v6_3_8_status_and_text_are_the_same(self, anne: User, times: int) -> None:
        known, unknown = _guess(anne.email, times), _guess("nobody@northgate.example", times)
        assert known.status_code == unknown.status_code
        differing = ("csrfmiddlewaretoken", "anne@northgate.example", "nobody@northgate.example")
        lines = [
            [line for line in response.content.decode().splitlines() if not any(word in line for word in differing)]
            for response in (known, unknown)
        ]
        assert lines[0] == lines[1]

    @pytest.mark.parametrize("who", ["known", "unknown", "switched off", "no password yet"])
    def test_asvs_v6_3_8_the_hasher_works_once_whoever_is_tried(self, anne: User, who: str) -> None:
        """So the answer takes as long; the time itself swings too much to be tested."""
        if who == "switched off":
            User.objects.filter(pk=anne.pk).update(is_active=False)
        if who == "no password yet":
            anne.set_unusable_password()
            anne.save()
        hasher = type(get_hasher("default"))
        email = "nobody@northgate.example" if who == "unknown" else anne.email
        with mock.patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode) as encode:
            _guess(email, 1)
        assert encode.call_count == 1

    def test_asvs_v6_3_8_the_mail_of_a_reset_leaves_after_the_answer(
        self, anne: User, rf: RequestFactory, mailoutbox: list[Any]
    ) -> None:
        handler = WSGIHandler()
        request = rf.post("/account/password/reset/", {"email": anne.email})
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        response = handler.get_response(request)
        assert (response.status_code, mailoutbox) == (302, [])
        response.close()
        assert [mail.to for mail in mailoutbox] == [[anne.email]]


class TestTheAddress:
    def test_asvs_v15_3_4_without_a_proxy_the_header_is_not_believed(self, anne: User) -> None:
        for number in range(10):
            headers = {"X-Forwarded-For": f"203.0.113.{number}"}
            Client(REMOTE_ADDR=SCHOOL, headers=headers).post("/account/login/", {"login": anne.email, "password": "x"})
        assert sign_in(Client(REMOTE_ADDR=SCHOOL), anne).status_code == 429

    def test_behind_one_proxy_what_it_added_counts_and_nothing_before(self, anne: User, settings: Any) -> None:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        for number in range(10):
            headers = {"X-Forwarded-For": f"203.0.113.{number}, {HOME}"}
            Client(headers=headers).post("/account/login/", {"login": anne.email, "password": "x"})
        assert sign_in(Client(headers={"X-Forwarded-For": HOME}), anne).status_code == 429
        assert sign_in(Client(headers={"X-Forwarded-For": SCHOOL}), anne).status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_trap_6_nobody_is_sent_away(client: Client, anne: User, target: str) -> None:
    for path in ("/account/login/", "/account/confirm/"):
        response = client.post(path, {"login": anne.email, "password": PASSWORD, "next": target})
        assert response["Location"] in ("/", "/account/login/")


def test_trap_5_sign_in_asks_no_redis(settings: Any) -> None:
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    assert settings.SESSION_ENGINE == "accounts.session_store"
