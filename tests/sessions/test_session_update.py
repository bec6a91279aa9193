"""Changing a session: its author, within its term, never over somebody's later change."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Draft
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, opened_form, scene
from tutoring.sessions.models import TutorSession

pytestmark = pytest.mark.django_db


def _own(world: Scene) -> TutorSession:
    return make.TutorSessionFactory.create(
        student=world.student, author=world.tutor, happened="As first written.", held_on=world.term.starts_on
    )


def _url(session: TutorSession) -> str:
    return reverse("tutor_sessions:session-update", args=[session.pk])


def test_steps_are_changed_added_and_removed_and_done_ones_stay() -> None:
    world = scene()
    session = _own(world)
    kept = make.NextStepFactory.create(session=session, text="Old words")
    make.NextStepFactory.create(session=session, text="No longer agreed")
    make.NextStepFactory.create(session=session, text="Done long ago", done_on=dt.date(2026, 11, 2))
    client = client_of(world.tutor)
    form = opened_form(client, _url(session), happened="As changed.") | {
        "steps-0-pk": str(kept.pk),
        "steps-0-text": "New words",
        "steps-0-who": "home",
        "steps-1-pk": "",
        "steps-1-text": "",
        "steps-2-text": "Added",
        "steps-2-who": "student",
    }
    assert client.post(_url(session), form).status_code == 302
    session.refresh_from_db()
    assert (session.happened, session.version) == ("As changed.", 2)
    assert set(session.steps.values_list("text", flat=True)) == {"New words", "Added", "Done long ago"}
    kept.refresh_from_db()
    assert (kept.text, kept.owner) == ("New words", "home")


def test_two_tabs_never_overwrite_each_other() -> None:
    world = scene()
    session = _own(world)
    client = client_of(world.tutor)
    first = opened_form(client, _url(session), happened="From the first tab.")
    second = opened_form(client, _url(session), happened="From the second tab.")
    assert client.post(_url(session), first).status_code == 302
    clash = client.post(_url(session), second)
    page = clash.content.decode()
    assert clash.status_code == 409
    assert "From the first tab." in page
    assert "From the second tab." in page
    session.refresh_from_db()
    assert session.happened == "From the first tab."

    merged = second | hidden_fields(clash) | {"happened": "From both tabs."}
    assert client.post(_url(session), merged).status_code == 302
    session.refresh_from_db()
    assert (session.happened, session.version) == ("From both tabs.", 3)


def test_a_draft_begun_on_an_older_version_meets_the_change() -> None:
    world = scene()
    session = _own(world)
    client = client_of(world.tutor)
    form = opened_form(client, _url(session), happened="Typed and left.")
    client.post(reverse("accounts:draft-save", args=[f"session-edit:{session.pk}"]), form)
    TutorSession.objects.filter(pk=session.pk).update(version=2, happened="Changed elsewhere.")
    opened = client.get(_url(session))
    assert "Typed and left." in opened.content.decode()
    assert hidden_fields(opened)["version"] == "1"
    assert client.post(_url(session), form | hidden_fields(opened)).status_code == 409
    assert Draft.objects.count() == 1


def test_only_the_author_changes_it_and_only_within_its_term() -> None:
    world = scene()
    session = _own(world)
    head = make.person(Role.HEAD_OF_HOUSE, house=world.student.house)
    stranger = make.person(Role.TUTOR)
    assert client_of(head).get(reverse("tutor_sessions:session-detail", args=[session.pk])).status_code == 200
    assert client_of(head).get(_url(session)).status_code == 403
    assert client_of(stranger).get(_url(session)).status_code == 404
    session.held_on = world.term.starts_on - dt.timedelta(days=30)
    session.save()
    make.TermFactory.create(
        name="SUM",
        year=2025,
        starts_on=world.term.starts_on - dt.timedelta(days=120),
        ends_on=world.term.starts_on - dt.timedelta(days=20),
        break_starts_on=None,
        break_ends_on=None,
    )
    assert client_of(world.tutor).get(_url(session)).status_code == 403
