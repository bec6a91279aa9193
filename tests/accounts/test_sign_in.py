"""Signing in by e-mail: who gets in, what a stranger learns, and where one lands."""

import pytest
from django.core import mail
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from tests.factories import person

pytestmark = pytest.mark.django_db
PASSWORD = "three quiet otters"


@pytest.fixture
def tutor() -> User:
    tutor = person(Role.TUTOR, email="priya@northgate.example")
    tutor.set_password(PASSWORD)
    tutor.save()
    return tutor


def _sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str) -> object:
    return client.post("/account/login/", {"login": email, "password": password, **extra})


def test_the_right_password_opens_today(client: Client, tutor: User) -> None:
    response = client.post("/account/login/", {"login": "Priya@Northgate.example", "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_look_alike(client: Client, tutor: User) -> None:
    wrong = client.post("/account/login/", {"login": tutor.email, "password": "wrong"})
    unknown = client.post("/account/login/", {"login": "nobody@northgate.example", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_somebody_switched_off_does_not_get_in(client: Client, tutor: User) -> None:
    User.objects.filter(pk=tutor.pk).update(is_active=False)
    _sign_in(client, tutor.email)
    assert "_auth_user_id" not in client.session


def test_somebody_switched_off_while_signed_in_is_out_at_once(client: Client, tutor: User) -> None:
    client.force_login(tutor)
    assert client.get("/keys/").status_code == 200
    User.objects.filter(pk=tutor.pk).update(is_active=False)
    assert client.get("/keys/").status_code == 302


def test_the_session_key_changes_on_signing_in(client: Client, tutor: User) -> None:
    client.get("/account/login/")
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    _sign_in(client, tutor.email)
    assert client.session.session_key != before


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_sent_away_after_signing_in(client: Client, tutor: User, target: str) -> None:
    response = client.post("/account/login/", {"login": tutor.email, "password": PASSWORD, "next": target})
    assert response["Location"] == "/"


def test_nobody_registers_themselves(client: Client) -> None:
    fields = {"email": "me@northgate.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/account/signup/", fields)
    assert not User.objects.exists()


def test_an_unknown_address_gets_no_mail_and_the_same_answer(client: Client, tutor: User) -> None:
    known = client.post("/account/password/reset/", {"email": tutor.email})
    assert len(mail.outbox) == 1
    unknown = client.post("/account/password/reset/", {"email": "nobody@northgate.example"})
    assert len(mail.outbox) == 1
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_guessing_is_slowed_down(client: Client, tutor: User) -> None:
    answers = [client.post("/account/login/", {"login": tutor.email, "password": "wrong"}) for _ in range(12)]
    last = answers[-1]
    assert last.status_code == 429 or "Too many" in last.content.decode()


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    response = client.get("/keys/")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")
