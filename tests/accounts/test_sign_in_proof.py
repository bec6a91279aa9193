"""Proving that it is still you: by which means, what it opens, and what becomes of a form that came too late."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.views import View

from accounts.mixins import StaffPageMixin
from accounts.models import User
from accounts.permissions import Permission
from accounts.step_up import StepUpRequiredMixin, is_elevated
from config.urls import urlpatterns as site
from tests.accounts.signing_in import PASSWORD, code, events, recovery_code, sign_in, sign_in_with_code, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Secret(StaffPageMixin, StepUpRequiredMixin, View):
    """A page as safeguarding will have it."""

    permission_required = Permission.USE_WAYMARK

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("secret")

    def post(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("kept")


urlpatterns = [*site, path("secret/", Secret.as_view())]
TYPED = "A long account of what the child said, that must not be lost and not be kept."


@pytest.fixture
def holder(client: Client) -> User:
    """Signed in, with an app."""
    holder = somebody(app=True)
    sign_in_with_code(client, holder)
    return holder


def test_signing_in_opens_nothing_secret(client: Client, holder: User) -> None:
    assert client.get("/secret/")["Location"] == "/account/confirm/?next=%2Fsecret%2F"


def test_a_code_opens_it_and_leads_back(client: Client, holder: User) -> None:
    response = client.post("/account/confirm/?next=/secret/", {"code": code(1)})
    assert response["Location"] == "/secret/"
    assert client.get("/secret/").content == b"secret"
    assert events("step_up.passed") == [{"proof": "totp"}]


@pytest.mark.parametrize("wrong", ["000000", "", "not a code"])
def test_a_wrong_code_does_not(client: Client, holder: User, wrong: str) -> None:
    client.post("/account/confirm/", {"code": wrong})
    assert client.get("/secret/").status_code == 302
    assert "step_up" not in client.session


def test_the_password_does_not(client: Client, holder: User) -> None:
    client.post("/account/confirm/", {"password": PASSWORD})
    client.post("/account/password/again/", {"password": PASSWORD})
    assert client.get("/secret/").status_code == 302


def test_a_recovery_code_changes_factors_and_opens_nothing_secret(client: Client, holder: User) -> None:
    client.post("/account/confirm/", {"code": recovery_code(holder)})
    assert client.get("/account/passkeys/add/").status_code == 200
    assert client.get("/secret/").status_code == 302


def test_trap_3_a_form_that_came_too_late_goes_back_to_its_writer_and_is_kept_nowhere(
    client: Client, holder: User
) -> None:
    response = client.post("/secret/", {"happened": TYPED}, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 401
    assert TYPED in response.content.decode()
    assert "First, proof that it is you" in response.content.decode()
    assert TYPED not in str(dict(client.session.items()))


def test_trap_3_allauth_s_own_pages_keep_nothing_either(client: Client, holder: User) -> None:
    response = client.post("/account/passkeys/add/", {"name": TYPED, "credential": "{}"})
    assert response.status_code == 302
    assert TYPED not in str(dict(client.session.items()))
    assert "account_reauthentication_state" not in client.session


def test_a_script_is_told_where_to_go(client: Client, holder: User) -> None:
    response = client.post("/secret/", {"happened": TYPED}, headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json() == {"signed_in": True, "step_up": "/account/confirm/?next=%2Fsecret%2F"}


def test_permission_comes_first(client: Client, holder: User) -> None:
    Secret.permission_required = Permission.IMPORT_DATA
    try:
        assert client.get("/secret/").status_code == 403
    finally:
        Secret.permission_required = Permission.USE_WAYMARK


def test_signing_out_ends_it(client: Client, holder: User) -> None:
    client.post("/account/confirm/", {"code": code(1)})
    client.post("/account/logout/")
    assert "step_up" not in client.session


@pytest.mark.parametrize("other", [{"REMOTE_ADDR": "198.51.100.9"}, {"HTTP_USER_AGENT": "curl"}])
def test_another_address_or_browser_with_the_same_cookie_is_asked(
    client: Client, holder: User, other: dict[str, str]
) -> None:
    client.post("/account/confirm/", {"code": code(1)})
    assert client.get("/secret/").status_code == 200
    assert client.get("/secret/", **other).status_code == 302


class TestWithoutAFactor:
    def test_trap_2_there_is_no_way_round_adding_one(self, client: Client, settings: Any) -> None:
        settings.REQUIRE_SECOND_FACTOR = True
        client.force_login(somebody())
        for method in (client.get, client.post):
            assert method("/account/confirm/", {"password": PASSWORD})["Location"] == "/account/"
        assert not is_elevated(_request_of(client))

    def test_the_demo_takes_the_password(self, client: Client) -> None:
        sign_in(client, somebody())
        assert client.get("/secret/").status_code == 302
        client.post("/account/confirm/", {"password": "wrong"})
        assert client.get("/secret/").status_code == 302
        client.post("/account/confirm/", {"password": PASSWORD})
        assert client.get("/secret/").status_code == 200


def _request_of(client: Client) -> Any:
    return client.get("/account/").wsgi_request


def test_asvs_v16_3_1_each_flow_writes_one_line(client: Client, django_db_blocker: Any) -> None:
    holder = somebody(app=True)
    sign_in(client, holder, "wrong")
    sign_in_with_code(client, holder)
    client.post("/account/confirm/", {"code": "000000"})
    client.post("/account/confirm/", {"code": code(1)})
    new = "four brown hares sleep"
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    client.post("/account/logout/")
    expected = ("sign_in.failed", "sign_in.succeeded", "factor.refused", "step_up.passed", "password.changed",
                "sign_in.ended")  # fmt: skip
    assert {name: len(events(name)) for name in expected} == dict.fromkeys(expected, 1)
    assert [detail["purpose"] for detail in events("factor.used")] == ["after the first", "again"]
