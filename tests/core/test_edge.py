"""Headers on every answer, and typed text that comes back when the session has ended."""

import uuid

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import Draft
from core.writers import stamp_of_writer
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


def test_a_stale_form_token_gives_the_text_back_to_its_writer(strict: Client) -> None:
    user = person(Role.TUTOR)
    strict.force_login(user)
    sent = {"happened": TYPED, "writer": stamp_of_writer(user)}
    response = strict.post("/keys/", sent, headers={"Origin": "http://testserver"})
    assert response.status_code == 403
    assert TYPED in response.content.decode()


@pytest.mark.parametrize("sent", [{}, {"writer": "forged"}])
def test_words_that_may_be_anothers_are_shown_to_nobody_signed_in(strict: Client, sent: dict[str, str]) -> None:
    strict.force_login(person(Role.TUTOR))
    response = strict.post("/keys/", {"happened": TYPED} | sent, headers={"Origin": "http://testserver"})
    assert response.status_code == 403
    assert TYPED not in response.content.decode()
    assert "go back to it" in response.content.decode()


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_long_form_of_another_goes_among_its_writers_drafts(strict: Client, accept: str) -> None:
    writer, other = person(Role.TUTOR), person(Role.TUTOR)
    strict.force_login(other)
    form, token = f"session:{uuid.uuid4()}", uuid.uuid4()
    sent = {"happened": TYPED, "writer": stamp_of_writer(writer), "draft_form": form, "draft_token": str(token)}
    response = strict.post("/keys/", sent, headers={"Origin": "http://testserver", "Accept": accept})
    assert response.status_code == 403
    assert TYPED not in response.content.decode()
    draft = Draft.objects.get()
    assert (draft.user, draft.form, draft.token, draft.fields) == (writer, form, token, {"happened": [TYPED]})


def test_from_another_site_nothing_is_kept_for_anybody(strict: Client) -> None:
    writer = person(Role.TUTOR)
    strict.force_login(person(Role.TUTOR))
    sent = {"happened": TYPED, "writer": stamp_of_writer(writer), "draft_form": f"session:{uuid.uuid4()}"}
    sent["draft_token"] = str(uuid.uuid4())
    strict.post("/keys/", sent, headers={"Origin": "https://elsewhere.example"})
    assert not Draft.objects.exists()


def test_what_is_given_back_is_escaped(client: Client) -> None:
    hostile = "</textarea><script>alert(1)</script>"
    response = client.post("/sessions/", {"happened": hostile}, headers={"Sec-Fetch-Site": "same-origin"})
    assert "<script>alert" not in response.content.decode()


def test_a_background_save_without_a_session_answers_in_json(client: Client) -> None:
    response = client.post("/sessions/", {"happened": TYPED}, headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json() == {"signed_in": False}
