"""Contacts home (duties 12, 93, 94, 97): who, how, what news; court orders first; the balance in words."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.urls import reverse

from accounts import drafts
from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from tests import factories as make
from tests.sessions.pages import Scene, client_of, new_url, opened_form, scene
from tutoring.sessions.enums import Tone
from tutoring.sessions.home import balance_of
from tutoring.sessions.models import HomeContact, SessionKind, TutorSession

pytestmark = pytest.mark.django_db


def _family_page(world: Scene) -> str:
    return client_of(world.tutor).get(reverse("desk:student-family", args=[world.student.pk])).content.decode()


def test_a_call_is_logged_with_who_how_and_what_came_of_it() -> None:
    world = scene()
    mother = make.ContactFactory.create(student=world.student)
    client, url = client_of(world.tutor), new_url(world.student)
    call = f"{url}?kind=call_home&home-contact={mother.pk}"
    page = client.get(call).content.decode()
    assert f'<option value="{mother.pk}" selected>Mrs Okafor, mother</option>' in page
    assert re.search(r'part-home"\s+open', page)
    said = {"home-contact": str(mother.pk), "home-outcome": "reached", "home-tone": "good"}
    assert client.post(url, opened_form(client, url, kind="call_home", **said)).status_code == 302
    kept = HomeContact.objects.get()
    assert (kept.contact, kept.with_whom, kept.mode, kept.tone) == (mother, "Mrs Okafor, mother", "phone", "good")
    assert kept.held_on == kept.session.held_on
    story = client.get(reverse("desk:student-story", args=[world.student.pk])).content.decode()
    assert "Mrs Okafor, mother · by phone · we spoke" in story
    assert "Good news" in story


def test_where_nobody_was_reached_there_was_no_news() -> None:
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    said = {"home-outcome": "no_answer", "home-tone": "hard", "home-with": "Grandmother"}
    client.post(url, opened_form(client, url, kind="call_home", **said))
    kept = HomeContact.objects.get()
    assert (kept.tone, kept.outcome, kept.with_whom) == ("", "no_answer", "Grandmother")


def test_a_1_to_1_needs_none_of_it_and_nothing_said_of_home_is_lost() -> None:
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    answer = client.post(url, opened_form(client, url, **{"home-with": "Grandmother"}))
    assert answer.status_code == 200
    assert "Choose a call home or a visit above" in answer.content.decode()
    assert client.post(url, opened_form(client, url, **{"home-outcome": "reached"})).status_code == 302
    assert not HomeContact.objects.exists()


def test_its_day_follows_the_session_and_a_session_that_is_no_call_any_more_has_none() -> None:
    world = scene()
    session = make.TutorSessionFactory.create(student=world.student, author=world.tutor, kind="call_home")
    kept = make.HomeContactFactory.create(session=session, contact=None)
    TutorSession.objects.filter(pk=session.pk).update(held_on=world.term.starts_on)
    kept.refresh_from_db()
    assert kept.held_on == world.term.starts_on
    session.refresh_from_db()
    client, url = client_of(world.tutor), reverse("tutor_sessions:session-update", args=[session.pk])
    form = opened_form(client, url, kind="one_to_one", **{"home-outcome": "reached"})
    assert client.post(url, form).status_code == 302
    assert not HomeContact.objects.exists()


def test_somebody_elses_contact_cannot_be_chosen() -> None:
    world = scene()
    theirs = make.ContactFactory.create(student=world.classmate)
    client, url = client_of(world.tutor), new_url(world.student)
    answer = client.post(url, opened_form(client, url, kind="call_home", **{"home-contact": str(theirs.pk)}))
    assert answer.status_code == 200
    assert not TutorSession.objects.exists()


def test_a_court_order_stands_before_the_name_and_the_number() -> None:
    """Duty 96."""
    world = scene()
    make.ContactFactory.create(student=world.student, surname="Wren", court_order=True, phone="07700 900999")
    page = _family_page(world)
    assert page.index("No contact before you have asked") < page.index("Wren") < page.index("07700 900999")
    call = client_of(world.tutor).get(f"{new_url(world.student)}?kind=call_home").content.decode()
    assert "▲ court order: Mrs Wren, mother" in call


def test_the_balance_is_what_the_list_holds_in_words() -> None:
    """Delight 10: never a score."""
    world = scene()
    days = [world.term.starts_on + dt.timedelta(days=n) for n in range(5)]
    before = world.term.starts_on - dt.timedelta(days=20)
    tones = [(days[0], "good"), (days[1], "hard"), (days[2], "good"), (days[3], ""), (before, "good")]
    for day, tone in tones:
        session = make.TutorSessionFactory.create(
            student=world.student, author=world.tutor, kind="call_home", held_on=day
        )
        make.HomeContactFactory.create(session=session, contact=None, tone=tone)
    balance = balance_of(world.student, since=world.term.starts_on, until=days[4])
    this_term = [tone for day, tone in tones if day >= world.term.starts_on]
    assert {tone: balance.by_tone[tone] for tone in Tone.values} == {t: this_term.count(t) for t in Tone.values}
    assert balance.last_good == days[2]
    page = _family_page(world)
    assert "2 good, 1 hard this term" in page
    assert f"last good news home {days[2].day} {days[2]:%B}" in page


def test_the_last_good_news_stands_beside_the_name_for_whoever_reads_what_home_has_heard() -> None:
    """Delight 10: of as much as they may know; who teaches the student does not learn of it."""
    world = scene()
    teacher = make.person(Role.SUBJECT_TEACHER, student=world.student)
    office = make.person(Role.DATA_MANAGER, school=world.student.school)
    assert "No good news home yet" in _header(world.tutor, world)
    day = world.term.starts_on
    for level, later in (("team", 0), ("named", 2)):
        session = make.TutorSessionFactory.create(
            student=world.student, author=world.tutor, confidentiality=level, held_on=day + dt.timedelta(days=later)
        )
        make.HomeContactFactory.create(session=session, contact=None, tone="good")
    last = day + dt.timedelta(days=2)
    assert f"Last good news home {last.day} {last:%B}" in _header(world.tutor, world)
    assert f"Last good news home {day.day} {day:%B}" in _header(office, world), "not the one kept for named people"
    assert "good news home" not in _header(teacher, world).lower()


def _header(reader: User, world: Scene) -> str:
    page = client_of(reader).get(reverse("desk:student-story", args=[world.student.pk]))
    return page.content.decode().partition('<nav class="tabs"')[0]


def test_of_a_call_kept_for_named_people_only_they_know() -> None:
    """The office sees who is at home and what home heard, but not of what few may know."""
    world = scene()
    for level, name in (("team", "Mrs Open"), ("named", "Mr Closed")):
        session = make.TutorSessionFactory.create(
            student=world.student, author=world.tutor, kind="call_home", confidentiality=level
        )
        make.HomeContactFactory.create(session=session, contact=None, with_whom=name, tone="hard")
    office = client_of(make.person(Role.ATTENDANCE_OFFICER, school=world.student.school))
    page = office.get(reverse("desk:student-family", args=[world.student.pk])).content.decode()
    assert "Mrs Open" in page
    assert "Mr Closed" not in page
    assert "1 hard this term" in page
    assert "Mr Closed" in _family_page(world)


def test_when_a_contact_goes_the_name_stays() -> None:
    world = scene()
    mother = make.ContactFactory.create(student=world.student)
    session = make.TutorSessionFactory.create(student=world.student, author=world.tutor, kind="call_home")
    kept = make.HomeContactFactory.create(session=session, contact=mother)
    mother.delete()
    kept.refresh_from_db()
    assert (kept.contact_id, kept.with_whom) == (None, "Mrs Okafor, mother")


def test_a_draft_of_a_1_1_does_not_take_the_place_of_what_a_link_is_for() -> None:
    """Duty 92: home from a visit one logs the visit; the draft stands beside it and opens by a link of its own."""
    world = scene()
    key, token = f"session:{world.student.pk}", uuid.uuid4()
    kinds = {kind.kind: kind.pk for kind in SessionKind.objects.filter(school=world.student.school)}
    typed = {"happened": ["Half a sentence"], "kind": [str(kinds["one_to_one"])], "held_on": ["2026-11-20"]}
    with acting_as(Actor(world.tutor.pk)):
        drafts.save_draft(by=world.tutor, form=key, token=token, revision=0, fields=typed)
    client, address = client_of(world.tutor), new_url(world.student)

    def opened(**said: str) -> Any:
        return client.get(address, said).context["log"].form

    visit = opened(kind="home_visit", held_on="2026-11-23")
    assert visit["kind"].value() == kinds["home_visit"]
    assert not visit["happened"].value()
    assert str(token) in client.get(address, {"kind": "home_visit"}).content.decode(), "the draft is offered"
    for said in ({}, {"kind": "one_to_one"}, {"kind": "home_visit", "draft": str(token)}):
        assert opened(**said)["happened"].value() == "Half a sentence", said
