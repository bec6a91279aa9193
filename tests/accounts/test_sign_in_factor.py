"""A second factor for all staff: which ways in ask for it, what is open before it is there, and codes used once."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.signing_in import (
    PASSWORD,
    SECRET,
    add_app,
    code,
    events,
    is_signed_in,
    recovery_code,
    sign_in,
    sign_in_with_code,
    somebody,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("factor_required")]
NOON = dt.datetime(2026, 11, 16, 12, 0, 5, tzinfo=dt.UTC)
OPEN_TO_ALL = ("/account/", "/account/app/", "/account/passkeys/add/", "/account/email/", "/account/password/change/")


@pytest.fixture
def factor_required(settings: object) -> None:
    settings.REQUIRE_SECOND_FACTOR = True  # type: ignore[attr-defined]


@pytest.fixture
def tutor() -> User:
    return somebody()


@pytest.fixture
def holder() -> User:
    return somebody(app=True)


class TestWithoutAFactor:
    def test_asvs_v6_3_3_every_page_leads_to_adding_one(self, client: Client, tutor: User) -> None:
        sign_in(client, tutor)
        for path in ("/", "/students/", "/school/", "/sessions/", "/import/", "/reports/", "/keys/"):
            response = client.get(path)
            assert (response.status_code, response["Location"]) == (302, "/account/"), path

    def test_adding_one_signing_out_and_one_s_account_are_open(self, client: Client, tutor: User) -> None:
        sign_in(client, tutor)
        for path in OPEN_TO_ALL:
            assert client.get(path, follow=True).status_code == 200, path
        assert client.post("/account/logout/").status_code == 302
        assert not is_signed_in(client)

    def test_the_page_says_why_and_shows_no_side_bar(self, client: Client, tutor: User) -> None:
        sign_in(client, tutor)
        text = client.get("/account/").content.decode()
        assert "One thing before you start" in text
        assert "Find a student" not in text

    def test_a_script_is_told_so(self, client: Client, tutor: User) -> None:
        sign_in(client, tutor)
        response = client.get("/keys/", headers={"Accept": "application/json"})
        assert (response.status_code, response.json()) == (403, {"signed_in": True, "second_factor": False})

    def test_recovery_codes_alone_are_none(self, client: Client, holder: User) -> None:
        Authenticator.objects.filter(user=holder, type=Authenticator.Type.TOTP).delete()
        sign_in(client, holder)
        assert client.get("/keys/")["Location"] == "/account/"


class TestEveryWayIn:
    def test_the_password_alone_is_not_enough(self, client: Client, holder: User) -> None:
        assert sign_in(client, holder)["Location"] == "/account/login/factor/"
        assert not is_signed_in(client)

    def test_a_code_opens(self, client: Client, holder: User) -> None:
        assert sign_in_with_code(client, holder)["Location"] == "/"
        assert is_signed_in(client)

    def test_a_recovery_code_opens_once(self, client: Client, holder: User) -> None:
        lifeline = recovery_code(holder)
        for opens in (True, False):
            browser = Client()
            sign_in(browser, holder)
            browser.post("/account/login/factor/", {"code": lifeline})
            assert is_signed_in(browser) is opens

    def test_asvs_v6_3_4_a_session_opened_by_any_other_road_is_asked_too(self, client: Client, holder: User) -> None:
        client.force_login(holder)
        response = client.get("/keys/")
        assert response["Location"] == f"{reverse('sign_in:step-up')}?next=%2Fkeys%2F"
        response = client.post(response["Location"], {"code": code()})
        assert response["Location"] == "/keys/"
        assert is_signed_in(client)

    def test_asvs_v6_4_3_a_reset_keeps_the_factor(self, client: Client, holder: User, mailoutbox: list) -> None:  # type: ignore[type-arg]
        client.post("/account/password/reset/", {"email": holder.email})
        link = next(word for word in mailoutbox[0].body.split() if "/account/password/reset/" in word)
        page = client.get(link, follow=True)
        new = "four brown hares sleep"
        client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
        assert not is_signed_in(client)
        assert sign_in(client, holder, new)["Location"] == "/account/login/factor/"

    def test_a_browser_is_never_trusted(self, client: Client, holder: User) -> None:
        sign_in_with_code(client, holder)
        client.post("/account/logout/")
        assert sign_in(client, holder)["Location"] == "/account/login/factor/"

    def test_pages_opened_with_a_factor_stay_open(self, client: Client, holder: User) -> None:
        sign_in_with_code(client, holder)
        assert client.get("/").status_code == 200


class TestCodes:
    @pytest.mark.parametrize("shift", [-1, 0, 1])
    def test_asvs_v6_5_1_a_code_is_taken_once(self, holder: User, shift: int) -> None:
        """Also in the half minute after its own, in which a clock's tolerance still takes it."""
        with time_machine.travel(NOON, tick=False) as clock:
            used = code(shift)
            opened = []
            for _ in range(4):
                browser = Client()
                sign_in(browser, holder)
                browser.post("/account/login/factor/", {"code": used})
                opened.append(is_signed_in(browser))
                clock.shift(dt.timedelta(seconds=25))
        assert opened == [True, False, False, False]

    @pytest.mark.django_db(transaction=True)
    def test_the_code_that_added_the_app_signs_nobody_in(self, tutor: User, client: Client) -> None:
        with time_machine.travel(NOON, tick=False):
            _add_app(client, tutor)
            browser = Client()
            sign_in(browser, tutor)
            secret = decrypt(Authenticator.objects.get(user=tutor, type="totp").data["secret"])
            browser.post("/account/login/factor/", {"code": code(secret=secret)})
            assert not is_signed_in(browser)

    def test_guessing_ends_after_ten(self, holder: User) -> None:
        browser = Client()
        sign_in(browser, holder)
        for guess in range(10):
            browser.post("/account/login/factor/", {"code": f"{guess:06d}"})
        browser.post("/account/login/factor/", {"code": code()})
        assert not is_signed_in(browser)
        assert len(events("factor.refused")) == 10

    def test_old_and_future_codes_are_refused(self, holder: User) -> None:
        for steps in (-3, 3):
            browser = Client()
            sign_in_with_code(browser, holder, steps)
            assert not is_signed_in(browser)


def _add_app(client: Client, user: User) -> None:
    sign_in(client, user)
    client.post("/account/password/again/", {"password": PASSWORD, "next": "/account/app/"})
    secret = client.get("/account/app/").context["form"].secret
    response = client.post("/account/app/", {"code": code(secret=secret)})
    assert response["Location"] == "/account/recovery-codes/", response.content.decode()


class TestAdding:
    @pytest.mark.django_db(transaction=True)
    def test_an_app_is_added_and_the_rest_opens(self, client: Client, tutor: User) -> None:
        _add_app(client, tutor)
        page = client.get("/account/recovery-codes/")
        assert len(page.context["unused_codes"]) == 10
        assert page.context["can_view_codes"]
        assert is_signed_in(client)
        assert {detail["kind"] for detail in events("factor.added")} == {"totp", "recovery_codes"}

    @pytest.mark.django_db(transaction=True)
    def test_recovery_codes_are_shown_once(self, client: Client, tutor: User) -> None:
        _add_app(client, tutor)
        first = client.get("/account/recovery-codes/").context["unused_codes"]
        again = client.get("/account/recovery-codes/").content.decode()
        assert not any(shown in again for shown in first)

    def test_the_last_factor_stays(self, client: Client, holder: User) -> None:
        sign_in_with_code(client, holder)
        client.post("/account/confirm/", {"code": code(1)})
        client.post("/account/app/remove/")
        assert Authenticator.objects.filter(user=holder, type="totp").exists()

    def test_a_new_phone_takes_the_place_of_the_old_one(self, client: Client, holder: User) -> None:
        sign_in_with_code(client, holder)
        client.post("/account/confirm/", {"code": code(1)})
        before = Authenticator.objects.get(user=holder, type="totp")
        offered = client.get("/account/").content.decode()
        assert "Move to a new phone" in offered
        assert "Remove the app" not in offered, "it would be refused"
        assert client.post("/account/app/", {"code": "000000"}).status_code == 200
        assert Authenticator.objects.filter(pk=before.pk).exists(), "until a right code is shown"
        secret = client.get("/account/app/").context["form"].secret
        client.post("/account/app/", {"code": code(secret=secret)})
        after = Authenticator.objects.get(user=holder, type="totp")
        assert decrypt(after.data["secret"]) == secret
        assert is_signed_in(client)
        assert [detail["kind"] for detail in events("factor.removed")] == ["totp"]

    def test_a_code_used_before_is_told_from_a_wrong_one(self, client: Client, holder: User) -> None:
        sign_in_with_code(client, holder)
        again = client.post("/account/confirm/", {"code": code()})
        assert "used already" in again.content.decode()

    @pytest.mark.django_db(transaction=True)
    def test_asvs_v7_4_3_other_sessions_end_with_a_new_factor(self, client: Client, tutor: User) -> None:
        other = Client()
        sign_in(other, tutor)
        assert other.get("/account/").status_code == 200
        _add_app(client, tutor)
        assert other.get("/account/")["Location"].startswith("/account/login/")
        assert is_signed_in(client)

    @pytest.mark.parametrize(
        "path",
        ["/account/app/", "/account/passkeys/add/", "/account/recovery-codes/new/", "/account/recovery-codes/",
         "/account/browsers/"],
    )  # fmt: skip
    def test_asvs_v7_5_1_each_change_asks_for_proof_first(self, client: Client, holder: User, path: str) -> None:
        sign_in_with_code(client, holder)
        if path == "/account/app/":  # there is one already: this leads to its removal
            path = "/account/app/remove/"
        for method in (client.get, client.post):
            response = method(path)
            if response.status_code == 405:
                continue
            assert response["Location"].startswith("/account/confirm/"), (path, method)
        client.post("/account/confirm/", {"code": code(1)})
        assert client.get(path).status_code in (200, 302)
        assert not client.get(path).headers.get("Location", "").startswith("/account/confirm/")

    def test_the_password_does_not_stand_in_for_the_factor(self, client: Client, holder: User) -> None:
        sign_in_with_code(client, holder)
        client.post("/account/password/again/", {"password": PASSWORD})
        assert client.get("/account/passkeys/add/")["Location"].startswith("/account/confirm/")

    def test_a_fresh_sign_in_is_no_such_proof(self, client: Client, tutor: User) -> None:
        """Trap 4 of security.md 5: allauth wants the explicit step even right after signing in."""
        sign_in(client, tutor)
        assert client.get("/account/app/")["Location"].startswith("/account/password/again/")

    def test_one_s_address_cannot_be_changed(self, client: Client, holder: User) -> None:
        sign_in_with_code(client, holder)
        fields = {"action_add": "", "email": "mine@elsewhere.example"}
        assert client.post("/account/email/", fields).status_code == 405
        assert User.objects.get(pk=holder.pk).email == holder.email

    def test_nobody_adds_a_factor_to_another(self, client: Client, holder: User) -> None:
        sign_in_with_code(client, holder)
        client.post("/account/confirm/", {"code": code(1)})
        theirs = Authenticator.objects.create(user=somebody(), type="webauthn", data={"name": "x", "credential": {}})
        for path in (f"/account/passkeys/{theirs.pk}/remove/", f"/account/passkeys/{theirs.pk}/rename/"):
            assert client.get(path).status_code == 404


class TestTheDemo:
    def test_one_setting_eases_it(self, client: Client, tutor: User, settings: object) -> None:
        settings.REQUIRE_SECOND_FACTOR = False  # type: ignore[attr-defined]
        sign_in(client, tutor)
        assert is_signed_in(client)
        assert "asks for no second factor" in client.get("/keys/").content.decode()

    def test_who_holds_a_factor_is_asked_for_it_all_the_same(
        self, client: Client, holder: User, settings: object
    ) -> None:
        settings.REQUIRE_SECOND_FACTOR = False  # type: ignore[attr-defined]
        sign_in(client, holder)
        assert not is_signed_in(client)


def test_the_secret_is_the_one_the_tests_know(holder: User) -> None:
    add = add_app(somebody())
    assert add.wrap().validate_code(code(secret=SECRET))


def test_no_secret_of_an_app_stands_readable_in_the_database(holder: User, client: Client, settings: object) -> None:
    def kept() -> list[str]:
        return [a.data.get("secret", a.data.get("seed")) for a in Authenticator.objects.filter(user=holder)]

    before = kept()
    assert not any(SECRET in value or (value.isalnum() and len(value) == 80) for value in before)
    newer, older = settings.FIELD_KEYS.split(",")  # type: ignore[attr-defined]
    settings.FIELD_KEYS = f"{older},{newer}"  # type: ignore[attr-defined]
    sign_in_with_code(client, holder)
    assert is_signed_in(client)
    assert len(set(before) & set(kept())) == 1, "what was used is encrypted with the new first key"
