"""School accounts: known by issuer and subject, linked once while signed in, never found by e-mail."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from accounts.models import User
from config import single_sign_on
from tests.accounts.identity_provider import CLIENT, TENANT, IdentityProvider
from tests.accounts.signing_in import PASSWORD, code, events, is_signed_in, sign_in, somebody

pytestmark = pytest.mark.django_db
BEGIN, BACK = "/account/school/microsoft/", "/account/school/microsoft/back/"


@pytest.fixture(scope="module")
def running() -> Iterator[IdentityProvider]:
    provider = IdentityProvider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running: IdentityProvider, settings: Any) -> IdentityProvider:
    """Back to what it says of itself, and the one our settings name."""
    running.claims, running.signed_by, running.issuer_said, running.algorithm = {}, running.key, None, "RS256"
    app = single_sign_on.app("Microsoft", running.issuer, CLIENT, "secret", {"tid": TENANT})
    _offer(settings, app)
    return running


def _offer(settings: Any, app: dict[str, Any]) -> None:
    usual = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": usual | {"APPS": [app]}}


@pytest.fixture
def tutor() -> User:
    return somebody(email="priya@northgate.example")


def _question(client: Client, process: str = "login", **extra: str) -> dict[str, str]:
    """What the browser is sent to the provider with."""
    response = client.post(BEGIN, {"process": process, **extra})
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def _come_back(client: Client, provider: IdentityProvider, process: str = "login", **claims: Any) -> Any:
    """There and back again; the token says `claims` beside the usual."""
    question = _question(client, process)
    provider.claims = {"nonce": question["nonce"]} | claims
    return client.get(BACK, {"state": question["state"], "code": "anything"})


def _link(client: Client, provider: IdentityProvider, user: User, **claims: Any) -> Any:
    sign_in(client, user)
    client.post("/account/confirm/", {"password": PASSWORD})
    return _come_back(client, provider, "connect", **claims)


@pytest.fixture
def linked(provider: IdentityProvider, tutor: User) -> User:
    _link(Client(), provider, tutor)
    assert SocialAccount.objects.count() == 1
    return tutor


def test_linked_once_it_signs_in(client: Client, provider: IdentityProvider, linked: User) -> None:
    assert _come_back(client, provider).status_code == 302
    assert is_signed_in(client)
    assert events("single_sign_on.linked") == [{"provider": "microsoft"}]


def test_asvs_v6_8_1_the_same_address_from_a_stranger_opens_nothing(
    client: Client, provider: IdentityProvider, linked: User
) -> None:
    """Another subject, with the person's verified address on it ("nOAuth")."""
    response = _come_back(client, provider, sub="subject-2", email=linked.email, email_verified=True)
    assert response.status_code == 403
    assert "not linked yet" in response.content.decode()
    assert not is_signed_in(client)
    assert (SocialAccount.objects.count(), User.objects.count()) == (1, 1)


def test_asvs_v6_8_1_a_foreign_issuer_opens_nothing(client: Client, provider: IdentityProvider, linked: User) -> None:
    response = _come_back(client, provider, iss="https://elsewhere.example", email=linked.email)
    assert response.status_code == 401
    assert not is_signed_in(client)


def test_a_directory_that_names_another_issuer_is_refused(
    client: Client, provider: IdentityProvider, linked: User
) -> None:
    provider.issuer_said = "https://elsewhere.example"
    assert client.post(BEGIN, {"process": "login"}).status_code == 401


def test_asvs_v10_5_4_a_foreign_audience_is_refused(client: Client, provider: IdentityProvider, linked: User) -> None:
    assert _come_back(client, provider, aud="another-app").status_code == 401
    assert not is_signed_in(client)


def test_asvs_v16_5_2_while_the_school_s_page_is_away_the_other_ways_in_are_named(
    client: Client, settings: Any
) -> None:
    _offer(settings, single_sign_on.app("Microsoft", "http://127.0.0.1:9", CLIENT, "secret", {"tid": TENANT}))
    response = client.post(BEGIN, {"process": "login"})
    assert response.status_code == 401
    assert "That did not work" in response.content.decode()


@pytest.mark.parametrize("tenant", ["another-tenant", None])
def test_a_foreign_tenant_is_refused(
    client: Client, provider: IdentityProvider, linked: User, tenant: str | None
) -> None:
    assert _come_back(client, provider, tid=tenant).status_code == 401
    assert not is_signed_in(client)


def test_googles_hosted_domain_is_asked_for_and_demanded(settings: Any) -> None:
    (google,) = single_sign_on.apps(microsoft=("", "", ""), google=("northgate.example", CLIENT, "secret"))
    assert google["settings"]["claims"] == {"hd": "northgate.example"}
    assert google["settings"]["auth_params"] == {"hd": "northgate.example"}


@pytest.mark.parametrize("half", [("", CLIENT, "s"), (TENANT, "", "s")])
def test_without_a_tenant_there_is_no_such_sign_in(half: tuple[str, str, str]) -> None:
    assert single_sign_on.apps(microsoft=half, google=half) == []


def test_asvs_v10_5_2_a_new_address_keeps_the_account(client: Client, provider: IdentityProvider, linked: User) -> None:
    assert _come_back(client, provider, email="married.name@northgate.example").status_code == 302
    assert client.session["_auth_user_id"] == str(linked.pk)
    linked.refresh_from_db()
    assert linked.email == "priya@northgate.example"


def test_asvs_v10_2_1_state_and_pkce(client: Client, provider: IdentityProvider, linked: User) -> None:
    question = _question(client)
    assert (question["code_challenge_method"], question["response_type"]) == ("S256", "code")
    assert len(question["state"]) >= 16
    provider.claims = {"nonce": question["nonce"]}
    client.get(BACK, {"state": question["state"], "code": "anything"})
    verifier = hashlib.sha256(provider.asked["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == question["code_challenge"]


def test_asvs_v10_2_1_another_s_answer_is_refused(client: Client, provider: IdentityProvider, linked: User) -> None:
    theirs = _question(Client())
    provider.claims = {"nonce": theirs["nonce"]}
    _question(client)
    assert client.get(BACK, {"state": theirs["state"], "code": "anything"}).status_code == 401
    assert not is_signed_in(client)


@pytest.mark.parametrize("nonce", ["of-yesterday", None, ""])
def test_asvs_v10_5_1_a_token_of_another_question_is_refused(
    client: Client, provider: IdentityProvider, linked: User, nonce: str | None
) -> None:
    assert _come_back(client, provider, nonce=nonce).status_code == 401
    assert not is_signed_in(client)


def test_the_address_bar_adds_nothing_to_the_question(client: Client, provider: IdentityProvider) -> None:
    response = client.post(f"{BEGIN}?auth_params=nonce%3Dmine%26prompt%3Dnone&scope=mail.read", {"process": "login"})
    assert "mine" not in response["Location"]
    assert "mail.read" not in response["Location"]


def test_a_token_signed_by_somebody_else_is_refused(client: Client, provider: IdentityProvider, linked: User) -> None:
    provider.signed_by = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert _come_back(client, provider).status_code == 401
    assert not is_signed_in(client)


@pytest.mark.parametrize(("algorithm", "key"), [("none", None), ("HS256", "a secret of thirty-two characters")])
def test_a_token_signed_in_another_way_is_refused(
    client: Client, provider: IdentityProvider, linked: User, algorithm: str, key: Any
) -> None:
    provider.algorithm, provider.signed_by = algorithm, key
    assert _come_back(client, provider).status_code == 401
    assert not is_signed_in(client)


def test_an_old_token_is_refused(client: Client, provider: IdentityProvider, linked: User) -> None:
    assert _come_back(client, provider, exp=1_700_000_000).status_code == 401


def test_nobody_gets_an_account_this_way(client: Client, provider: IdentityProvider) -> None:
    assert _come_back(client, provider, email="new@northgate.example").status_code == 403
    assert not User.objects.exists()


def test_trap_2_the_factor_is_asked_for_all_the_same(client: Client, provider: IdentityProvider, settings: Any) -> None:
    holder = somebody(app=True)
    browser = Client()
    sign_in(browser, holder)
    browser.post("/account/login/factor/", {"code": code()})
    browser.post("/account/confirm/", {"code": code(1)})
    _come_back(browser, provider, "connect")
    holder.set_unusable_password()
    holder.save()
    settings.REQUIRE_SECOND_FACTOR = True
    assert _come_back(client, provider)["Location"] == "/account/login/factor/"
    assert not is_signed_in(client)


def test_trap_2_somebody_known_by_the_school_account_alone_is_not_taken_for_proved(
    client: Client, provider: IdentityProvider, linked: User, settings: Any
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    linked.set_unusable_password()
    linked.save()
    _come_back(client, provider)
    assert client.get("/keys/")["Location"] == "/account/", "a factor first"
    assert client.get("/account/confirm/")["Location"] == "/account/"
    assert "step_up" not in client.session


def test_linking_asks_for_proof_and_for_the_factor(
    client: Client, provider: IdentityProvider, tutor: User, settings: Any
) -> None:
    sign_in(client, tutor)
    _come_back(client, provider, "connect")
    assert not SocialAccount.objects.exists()
    settings.REQUIRE_SECOND_FACTOR = True
    assert _link(Client(), provider, tutor).status_code == 401
    assert not SocialAccount.objects.exists()


def test_one_links_one_account(client: Client, provider: IdentityProvider, linked: User) -> None:
    assert _link(client, provider, linked, sub="subject-2").status_code == 401
    assert SocialAccount.objects.count() == 1


def test_a_linked_account_goes_to_nobody_else(client: Client, provider: IdentityProvider, linked: User) -> None:
    _link(client, provider, somebody())
    assert SocialAccount.objects.get().user == linked


def test_nothing_but_issuer_and_subject_is_kept(client: Client, provider: IdentityProvider, tutor: User) -> None:
    _link(client, provider, tutor, email="private@home.example", name="Priya")
    account = SocialAccount.objects.get()
    assert (account.uid, account.extra_data) == (f"{provider.issuer} subject-1", {})
    assert not SocialToken.objects.exists()


def test_a_leaver_does_not_come_in_this_way(client: Client, provider: IdentityProvider, linked: User) -> None:
    User.objects.filter(pk=linked.pk).update(is_active=False)
    assert _come_back(client, provider)["Location"] == "/account/inactive/"
    assert not is_signed_in(client)


def test_a_row_in_the_database_adds_no_issuer(client: Client, provider: IdentityProvider) -> None:
    from allauth.socialaccount.models import SocialApp

    SocialApp.objects.create(provider="openid_connect", provider_id="evil", name="Evil", client_id="x")
    assert client.post("/account/school/evil/").status_code == 404


def test_off_unless_set(client: Client) -> None:
    assert client.post(BEGIN).status_code == 404
    assert "Microsoft" not in client.get("/account/login/").content.decode()
