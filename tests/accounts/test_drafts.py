"""Drafts: what is typed is kept for its writer alone, and two tabs never overwrite each other."""

import base64
import datetime as dt
import uuid
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts import drafts
from accounts.enums import Role
from accounts.models import Draft, User
from accounts.tasks import purge_drafts
from core.writers import stamp_of_writer, writer_of
from tests import factories as make

FORM = "session:01890000-0000-7000-8000-000000000000"
URL = f"/school/drafts/{FORM}/"


def _save(by: User, text: str, token: uuid.UUID, revision: int, form: str = FORM) -> drafts.Saved:
    return drafts.save_draft(by=by, form=form, token=token, revision=revision, fields={"happened": [text]})


def _texts(user: User) -> set[str]:
    return {draft.fields["happened"][0] for draft in drafts.drafts_of(user, FORM)}


@pytest.mark.django_db
class TestSaving:
    def test_one_tab_goes_on_with_its_draft(self) -> None:
        user, token = make.UserFactory.create(), uuid.uuid4()
        for number, text in enumerate(["Came", "Came in", "Left out"]):
            saved = _save(user, text, token, number)
            assert (saved.draft.revision, saved.forked, saved.draft.token) == (number + 1, False, token)
        assert _texts(user) == {"Left out"}

    def test_two_tabs_on_one_draft_keep_both_texts(self) -> None:
        user, token = make.UserFactory.create(), uuid.uuid4()
        _save(user, "Came in", token, 0)
        _save(user, "Came in late", token, 1)
        second = _save(user, "Came in a taxi", token, 1)
        assert second.forked
        assert second.draft.token != token
        assert _texts(user) == {"Came in late", "Came in a taxi"}

    def test_a_lost_answer_is_no_second_tab(self) -> None:
        user, token = make.UserFactory.create(), uuid.uuid4()
        _save(user, "Came in", token, 0)
        again = _save(user, "Came in late", token, 0)
        assert not again.forked
        assert _texts(user) == {"Came in late"}

    def test_a_draft_that_was_sent_or_discarded_comes_back_under_its_token(self) -> None:
        user, token = make.UserFactory.create(), uuid.uuid4()
        saved = _save(user, "Typed after all", token, 7)
        assert (saved.draft.token, saved.forked, saved.draft.revision) == (token, False, 8)

    def test_anothers_token_opens_and_changes_nothing(self) -> None:
        owner, other, token = make.UserFactory.create(), make.UserFactory.create(), uuid.uuid4()
        _save(owner, "Private", token, 0)
        assert _save(other, "Private too", token, 1).forked
        assert _texts(owner) == {"Private"}
        assert drafts.open_form(other, FORM, token).restored is None
        assert drafts.discard_draft(by=other, token=token) == 0

    def test_too_long_or_too_many_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        user = make.UserFactory.create()
        with pytest.raises(drafts.TooMuchError):
            _save(user, "ä" * 100_001, uuid.uuid4(), 0)
        monkeypatch.setattr(drafts, "MAX_TOUCHED_PER_MINUTE", 2)
        for _ in range(2):
            _save(user, "text", uuid.uuid4(), 0)
        with pytest.raises(drafts.TooMuchError):
            _save(user, "text", uuid.uuid4(), 0)


@pytest.mark.django_db
class TestOpening:
    def test_the_newest_comes_back_and_the_others_are_listed(self) -> None:
        user = make.UserFactory.create()
        older, newer = uuid.uuid4(), uuid.uuid4()
        _save(user, "The older of two texts", older, 0)
        _save(user, "The newer of two texts", newer, 0)
        opened = drafts.open_form(user, FORM)
        assert (opened.token, opened.revision, opened.first("happened")) == (newer, 1, "The newer of two texts")
        assert [draft.token for draft in opened.others] == [older]
        assert opened.others[0].first_words == "The older of two texts"

    def test_starting_afresh_keeps_the_old_one(self) -> None:
        user = make.UserFactory.create()
        _save(user, "Kept", uuid.uuid4(), 0)
        fresh = drafts.open_form(user, FORM, drafts.open_form(user, FORM).fresh_token)
        assert fresh.fields == {}
        assert len(fresh.others) == 1

    def test_drafts_go_after_thirty_days_and_not_before(self) -> None:
        user = make.UserFactory.create()
        for days in (29, 31):
            saved = _save(user, f"{days} days old", uuid.uuid4(), 0)
            at = timezone.now() - dt.timedelta(days=days)
            Draft.objects.filter(pk=saved.draft.pk).update(updated_at=at)
        purge_drafts()
        purge_drafts()
        assert _texts(user) == {"29 days old"}


@pytest.mark.django_db
class TestAddress:
    def _form(self, user: User, **more: Any) -> dict[str, Any]:
        return {
            "draft_token": str(uuid.uuid4()),
            "draft_revision": "0",
            "writer": stamp_of_writer(user),
            "csrfmiddlewaretoken": "secret",
            "password": "secret",
            "happened": "Typed",
            "topics": ["home", "progress"],
        } | more

    def test_it_keeps_what_was_typed_and_no_tokens(self, client: Client) -> None:
        user = make.person(Role.TUTOR)
        client.force_login(user)
        answer = client.post(URL, self._form(user)).json()
        draft = Draft.objects.get()
        assert answer == {
            "saved_at": f"{timezone.localtime(draft.updated_at):%H:%M}",
            "token": str(draft.token),
            "revision": 1,
            "forked": False,
        }
        assert draft.fields == {"happened": ["Typed"], "topics": ["home", "progress"]}

    @pytest.mark.parametrize("form", ["nonsense", "session:1", "Session:" + "0" * 36, "session:" + "0" * 400])
    def test_an_unknown_form_is_not_kept(self, client: Client, form: str) -> None:
        user = make.person(Role.TUTOR)
        client.force_login(user)
        assert client.post(f"/school/drafts/{form}/", self._form(user)).status_code == 404

    def test_a_bad_token_is_said_to_be_one(self, client: Client) -> None:
        user = make.person(Role.TUTOR)
        client.force_login(user)
        assert client.post(URL, self._form(user, draft_token="x")).status_code == 400
        assert client.post(URL, self._form(user, draft_revision="-1")).status_code == 400

    def test_a_form_opened_by_somebody_else_is_refused_and_kept_for_its_writer(self, client: Client) -> None:
        writer = make.person(Role.TUTOR)
        client.force_login(make.person(Role.TUTOR))
        answer = client.post(URL, self._form(writer))
        assert (answer.status_code, answer.json()) == (403, {"signed_in": True, "writer": False})
        assert Draft.objects.get().user == writer

    def test_signed_out_it_answers_401_in_json(self, client: Client) -> None:
        answer = client.post(URL, self._form(make.person(Role.TUTOR)), headers={"Accept": "application/json"})
        assert answer.status_code == 401
        assert answer.json() == {"signed_in": False}

    def test_discarding_goes_back_only_to_pages_of_ours(self, client: Client) -> None:
        user = make.person(Role.TUTOR)
        client.force_login(user)
        token = uuid.uuid4()
        _save(user, "Not needed", token, 0)
        answer = client.post(reverse("accounts:draft-discard"), {"token": str(token), "next": "https://evil.example/"})
        assert answer.headers["Location"] == "/"
        assert not Draft.objects.exists()


@given(st.uuids(), st.text(max_size=80))
def test_a_stamp_names_its_writer_and_nothing_else_does(key: uuid.UUID, noise: str) -> None:
    stamp = stamp_of_writer(User(pk=key))
    assert writer_of(stamp) == key
    assert len(stamp) <= 60  # longer hidden values would show as text on the page of a lost session
    for forged in (noise, stamp[:-1], f"{stamp}0", f"{uuid.uuid4().hex}.{stamp.partition('.')[2]}"):
        assert writer_of(forged) is None


@pytest.mark.django_db
class TestEncrypted:
    def test_a_draft_that_cannot_be_read_says_so_and_is_not_written_over(
        self, client: Client, settings: Settings
    ) -> None:
        user = make.person(Role.TUTOR)
        saved = _save(user, "Locked away", uuid.uuid4(), 0)
        keys, settings.FIELD_KEYS = settings.FIELD_KEYS, "9:" + base64.b64encode(bytes(32)).decode()
        opened = drafts.open_form(user, FORM)
        assert (opened.restored, [draft.is_readable for draft in opened.others]) == (None, [False])
        page = render_to_string("accounts/_draft_notice.html", {"draft": opened})
        assert "cannot be opened now" in page
        assert "Discard" in page
        assert drafts.open_form(user, FORM, saved.draft.token).restored is None
        assert _save(user, "New words", saved.draft.token, 1).forked
        settings.FIELD_KEYS = keys
        assert Draft.objects.get(pk=saved.draft.pk).fields == {"happened": ["Locked away"]}

    def test_what_an_older_version_wrote_is_read_and_then_encrypted(self) -> None:
        draft = make.DraftFactory.create(form=FORM, plain={"happened": ["Plain"]})
        user, token = draft.user, draft.token
        assert drafts.open_form(user, FORM).first("happened") == "Plain"
        _save(user, "Plain no more", token, 0)
        draft.refresh_from_db()
        assert (draft.plain, draft.fields) == ({}, {"happened": ["Plain no more"]})
        assert b"Plain" not in bytes(draft.sealed)

    def test_the_migration_encrypts_drafts_at_rest_and_its_way_back_opens_them(self) -> None:
        step, editor = import_module("accounts.migrations.0007_seal_drafts"), SimpleNamespace(connection=connection)
        at_rest, being_typed = (make.DraftFactory.create(plain={"happened": [text]}) for text in ("Rest", "Typed"))
        Draft.objects.filter(pk=at_rest.pk).update(updated_at=timezone.now() - dt.timedelta(hours=2))
        step.seal(apps, editor)
        kept = {draft.pk: draft.plain for draft in Draft.objects.all()}
        assert kept == {at_rest.pk: {}, being_typed.pk: {"happened": ["Typed"]}}
        assert Draft.objects.get(pk=at_rest.pk).fields == {"happened": ["Rest"]}
        step.open_again(apps, editor)
        assert {draft.plain["happened"][0] for draft in Draft.objects.all()} == {"Rest", "Typed"}
        assert not Draft.objects.exclude(sealed=None).exists()


def test_first_words_show_the_text_and_not_a_key() -> None:
    draft = Draft(fields={"steps-0-who": [f"staff:{uuid.uuid4()}"], "happened": ["Came in late"]})
    assert draft.first_words == "Came in late"
