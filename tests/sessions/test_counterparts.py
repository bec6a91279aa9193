"""Meetings and conversations with students, staff and parents, each accurate and found again (duties 12 and 14)."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from tests import factories as make
from tests.sessions.pages import client_of, new_url, opened_form, scene
from tutoring.sessions.models import NextStep, TutorSession

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "with_whom"),
    [("one_to_one", ""), ("meeting", ""), ("call_home", "Mrs Okafor, mother")],
    ids=["a student", "staff", "a parent"],
)
def test_each_of_the_three_counterparts_has_its_record(kind: str, with_whom: str) -> None:
    """Duty 12, and 14: date, how and where, minutes, what was said and what was agreed; found by its kind."""
    world = scene()
    mother = make.ContactFactory.create(student=world.student)
    client, url = client_of(world.tutor), new_url(world.student)
    colleague = make.person(Role.HEAD_OF_HOUSE, house=world.student.house, title="Mr", last_name="Day")
    said: dict[str, Any] = {
        "minutes": "25",
        "place": "Room 4",
        "way": "online",
        "happened": "How the week went.",
        "steps-0-text": "Ring on Friday",
    }
    if kind == "meeting":
        said |= {"met": [str(colleague)], "with_whom": "Dr Osei, CAMHS"}
        with_whom = f"{colleague}, Dr Osei, CAMHS"
    elif with_whom:
        said |= {"home-contact": str(mother.pk), "home-outcome": "reached", "home-tone": "mixed"}
    assert client.post(url, opened_form(client, url, kind=kind, **said)).status_code == 302
    session = TutorSession.objects.get()
    assert (session.kind, session.held_on, session.minutes) == (kind, timezone.localdate(), 25)
    assert session.way == "online"
    assert session.with_whom == (with_whom if kind == "meeting" else "")
    assert (session.place, NextStep.objects.get().text) == ("Room 4", "Ring on Friday")
    page = client.get(reverse("tutor_sessions:session-detail", args=[session.pk])).content.decode()
    for words in ("25 min", "Room 4", "online", "How the week went.", with_whom):
        assert words in page
    story = client.get(reverse("desk:student-story", args=[world.student.pk])).content.decode()
    for words in ("25 min · Room 4 · online", with_whom):
        assert words in story
    listed = client.get(reverse("tutor_sessions:session-list"), {"kind": str(session.school_kind_id)})
    assert list(listed.context["sessions"]) == [session]
    other = {"one_to_one": "call_home", "meeting": "one_to_one", "call_home": "meeting"}[kind]
    wanted = world.student.school.session_kinds.get(kind=other)
    empty = client.get(reverse("tutor_sessions:session-list"), {"kind": str(wanted.pk)})
    assert list(empty.context["sessions"]) == []


def test_whom_one_met_is_changed_in_words_and_cannot_be_too_long() -> None:
    """Duty 12: names as they were that day stay editable, and a mistake loses nothing."""
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    many = opened_form(client, url, kind="meeting", happened="Long.", with_whom="x" * 501)
    refused = client.post(url, many)
    assert refused.status_code == 200
    assert "x" * 501 in refused.content.decode()
    assert client.post(url, many | {"with_whom": "Mrs Bell, school nurse"}).status_code == 302
    session = TutorSession.objects.get()
    change = reverse("tutor_sessions:session-update", args=[session.pk])
    page = client.get(change).content.decode()
    assert 'value="Mrs Bell, school nurse"' in page
    assert client.post(change, opened_form(client, change, kind="meeting", with_whom="Mr Day")).status_code == 302
    session.refresh_from_db()
    assert session.with_whom == "Mr Day"


def test_who_is_ticked_again_on_a_change_stands_once() -> None:
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    day = str(make.person(Role.HEAD_OF_HOUSE, house=world.student.house, last_name="Day"))
    bell = str(make.person(Role.HEAD_OF_HOUSE, house=world.student.house, last_name="Bell"))
    said = opened_form(client, url, kind="meeting", met=[day], with_whom="Dr Osei, CAMHS, Ms Hale, CAMHS")
    assert client.post(url, said).status_code == 302
    session = TutorSession.objects.get()
    assert session.with_whom == f"{day}, Dr Osei, CAMHS, Ms Hale, CAMHS", "what was typed stays as it was typed"
    change = reverse("tutor_sessions:session-update", args=[session.pk])
    again = opened_form(client, change, kind="meeting", met=[bell, day], with_whom=session.with_whom)
    assert client.post(change, again).status_code == 302
    session.refresh_from_db()
    names = session.with_whom.split(", ")
    assert sorted(names[:2]) == sorted([bell, day])
    assert names[2:] == ["Dr Osei", "CAMHS", "Ms Hale", "CAMHS"]
