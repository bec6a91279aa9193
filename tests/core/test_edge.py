"""Headers on every answer, and typed text that comes back when the session has ended."""

import pytest
from django.test import Client

from accounts.enums import Role
from tests.factories import person

pytestmark = pytest.mark.django_db
TYPED = "Looks after his sister on Tuesdays."


@pytest.fixture
def strict() -> Client:
    return Client(enforce_csrf_checks=True)


def test_every_answer_carries_the_policy(client: Client) -> None:
    headers = client.get("/account/login/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"].startswith("no-store") or "no-store" in headers["Cache-Control"]
    assert "camera=()" in headers["Permissions-Policy"]


def test_text_sent_after_the_session_ended_comes_back(client: Client) -> None:
    fields = {"happened": TYPED, "password": "secret", "csrfmiddlewaretoken": "x"}
    response = client.post("/sessions/", fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 401
    assert TYPED in response.content.decode()
    assert "secret" not in response.content.decode()


def test_text_from_another_site_is_not_shown(client: Client) -> None:
    response = client.post("/sessions/", {"happened": TYPED}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert TYPED not in response.content.decode()


def test_a_stale_form_token_gives_the_text_back(strict: Client) -> None:
    strict.force_login(person(Role.TUTOR))
    response = strict.post("/keys/", {"happened": TYPED}, headers={"Origin": "http://testserver"})
    assert response.status_code == 403
    assert TYPED in response.content.decode()


def test_what_is_given_back_is_escaped(client: Client) -> None:
    hostile = "</textarea><script>alert(1)</script>"
    response = client.post("/sessions/", {"happened": hostile}, headers={"Sec-Fetch-Site": "same-origin"})
    assert "<script>alert" not in response.content.decode()


def test_a_background_save_without_a_session_answers_in_json(client: Client) -> None:
    response = client.post("/sessions/", {"happened": TYPED}, headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json() == {"signed_in": False}
