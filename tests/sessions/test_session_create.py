"""Logging a 1:1: saved once, with its steps; nothing typed is ever lost."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import Draft
from audit.models import Event
from core.writers import stamp_of_writer
from tests import factories as make
from tests.sessions.pages import client_of, hidden_fields, new_url, opened_form, scene
from tutoring.sessions.enums import Confidentiality, Owner
from tutoring.sessions.models import NextStep, TutorSession

pytestmark = pytest.mark.django_db


def test_a_session_is_saved_with_its_steps_and_its_draft_is_gone() -> None:
    """Duty 18, the student's own words in a field of their own; duty 24, each step with who and by when."""
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    form = opened_form(client, url) | {
        "topics": ["attendance", "home"],
        "student_words": "I'm not skiving.",
        "wellbeing": "2",
        "for_report": "on",
        "steps-0-text": "Breakfast club from Monday",
        "steps-0-who": "student",
        "steps-1-text": "Ring home",
        "steps-1-who": f"staff:{world.tutor.pk}",
        "steps-1-due_on": (in_ten_days := timezone.localdate() + dt.timedelta(days=10)).isoformat(),
    }
    save = reverse("accounts:draft-save", args=[f"session:{world.student.pk}"])
    assert client.post(save, form).json()["revision"] == 1
    response = client.post(url, form)
    assert response.headers["Location"] == reverse("desk:student-story", args=[world.student.pk])

    session = TutorSession.objects.get()
    assert (session.author, session.student, session.wellbeing) == (world.tutor, world.student, 2)
    assert session.topics == ["attendance", "home"]
    assert session.student_words == "I'm not skiving."
    assert session.for_report
    assert session.confidentiality == Confidentiality.TEAM
    steps = [(s.text, s.owner, s.owner_staff, s.due_on) for s in NextStep.objects.order_by("pk")]
    assert steps == [
        ("Breakfast club from Monday", Owner.STUDENT, None, timezone.localdate() + dt.timedelta(days=14)),
        ("Ring home", Owner.STAFF, world.tutor, in_ten_days),
    ]
    assert not Draft.objects.exists()
    event = Event.objects.get(action="session.logged")
    assert event.object_id == str(session.pk)
    assert "skiving" not in str(event.detail)


def test_the_same_form_sent_twice_makes_one_session() -> None:
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    form = opened_form(client, url, **{"steps-0-text": "Ring home", "steps-0-who": "home"})
    assert client.post(url, form).status_code == 302
    again = client.post(url, form, follow=True)
    assert "saved already" in again.content.decode()
    assert TutorSession.objects.count() == NextStep.objects.count() == 1


def test_a_form_sent_again_with_other_words_loses_neither_text() -> None:
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    form = opened_form(client, url, happened="The first words.")
    client.post(url, form)
    response = client.post(url, form | {"happened": "Quite other words."})
    assert response.status_code == 409
    assert "Quite other words." in response.content.decode()
    renewed = form | hidden_fields(response)
    assert renewed["draft_token"] != form["draft_token"]
    client.post(url, renewed | {"happened": "Quite other words."})
    assert set(TutorSession.objects.values_list("happened", flat=True)) == {"The first words.", "Quite other words."}


def test_mistakes_are_named_at_the_top_and_all_typed_text_stays() -> None:
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    form = opened_form(client, url) | {
        "happened": "",
        "student_words": "Words worth keeping",
        "held_on": tomorrow.isoformat(),
        "steps-0-text": "A step worth keeping",
        "steps-0-who": "student",
        "steps-1-due_on": tomorrow.isoformat(),
        "steps-2-text": "Over already",
        "steps-2-who": "student",
        "steps-2-due_on": (tomorrow - dt.timedelta(days=2)).isoformat(),
    }
    response = client.post(url, form)
    page = response.content.decode()
    assert "error-summary" in page
    assert "Write a line about what happened." in page
    assert "This day is still to come." in page
    assert "Write what was agreed" in page
    assert "This day is over. By when is it to be done?" in page
    assert "Words worth keeping" in page
    assert "A step worth keeping" in page
    assert not TutorSession.objects.exists()
    assert hidden_fields(response)["draft_token"] == form["draft_token"]


def test_only_named_people_are_kept_and_only_for_that_choice() -> None:
    world = scene()
    head = make.person(Role.HEADTEACHER)
    client, url = client_of(world.tutor), new_url(world.student)
    form = opened_form(client, url, confidentiality="named", named_staff=[str(head.pk)])
    client.post(url, form)
    assert list(TutorSession.objects.get().named_staff.all()) == [head]
    client.post(url, opened_form(client, url, confidentiality="team", named_staff=[str(head.pk)]))
    assert not TutorSession.objects.get(confidentiality="team").named_staff.exists()


def test_nobody_outside_the_students_reach_can_be_named() -> None:
    world = scene()
    stranger = make.person(Role.HEADTEACHER, school=make.SchoolFactory.create(name="Elsewhere"))
    client, url = client_of(world.tutor), new_url(world.student)
    client.post(url, opened_form(client, url, confidentiality="named", named_staff=[str(stranger.pk)]))
    assert not TutorSession.objects.exists()


def test_anothers_form_is_refused_and_its_text_goes_to_its_writer() -> None:
    world = scene()
    colleague = make.person(Role.TUTOR, group=world.group)
    form = opened_form(client_of(colleague), new_url(world.student), happened="The colleague's own words")
    response = client_of(world.tutor).post(new_url(world.student), form)
    assert response.status_code == 409
    assert "The colleague" not in response.content.decode()
    assert not TutorSession.objects.exists()
    draft = Draft.objects.get()
    assert draft.user == colleague
    assert draft.fields["happened"] == ["The colleague's own words"]


def test_a_forged_writer_keeps_nothing_and_saves_nothing() -> None:
    world = scene()
    colleague = make.person(Role.TUTOR, group=world.group)
    client, url = client_of(world.tutor), new_url(world.student)
    forged = f"{colleague.pk.hex}.{stamp_of_writer(world.tutor).partition('.')[2]}"
    assert client.post(url, opened_form(client, url) | {"writer": forged}).status_code == 409
    assert not Draft.objects.exists()
    assert not TutorSession.objects.exists()


def test_who_may_not_see_the_student_finds_nothing_and_a_data_manager_may_not_log() -> None:
    world = scene()
    other_tutor = make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="7CUR"))
    assert client_of(other_tutor).get(new_url(world.student)).status_code == 404
    assert client_of(make.person(Role.DATA_MANAGER)).get(new_url(world.student)).status_code == 403


def test_save_and_open_the_next_unseen_student() -> None:
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    response = client.post(url, opened_form(client, url, then="next"))
    assert response.headers["Location"] == reverse("desk:student-story", args=[world.classmate.pk])


def test_the_page_says_who_can_read_and_where_to_go_with_a_worry() -> None:
    world = scene()
    make.person(Role.HEAD_OF_HOUSE, house=world.student.house, first_name="Tom", last_name="Bell")
    page = client_of(world.tutor).get(new_url(world.student)).content.decode()
    assert "Tutor team and house can read this" in page
    assert "Tom Bell" in page


def test_who_tells_the_dsl_from_the_form_need_not_look_for_the_child_again() -> None:
    """The concern begins with the child chosen, and with nothing of what was typed, for more people read that."""
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    concern = f"{reverse('safeguarding:raise-concern')}?student={world.student.pk}"
    for page in (client.get(url), client.post(url, opened_form(client, url) | {"held_on": "never"})):
        assert f'<p class="worried sub">Worried about their safety? <a href="{concern}">' in page.content.decode()


def test_opening_the_form_takes_the_same_queries_for_one_session_or_many(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    for _ in range(8):
        make.NextStepFactory.create(session=make.TutorSessionFactory.create(student=world.student, author=world.tutor))
    with django_assert_max_num_queries(17):
        client.get(url)


def test_a_session_that_ended_while_typing_loses_nothing() -> None:
    """Signed out, the text comes back on a page; after signing in, sending it again makes one record."""
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    form = opened_form(client, url, happened="Typed for a long time, " * 5)
    client.logout()
    lost = client.post(url, form, headers={"Sec-Fetch-Site": "same-origin"})
    assert lost.status_code == 401
    page = lost.content.decode()
    assert "Typed for a long time" in page
    assert form["writer"] in page
    client.force_login(world.tutor)
    assert client.post(url, form).status_code == 302
    assert client.post(url, form).status_code == 302
    assert TutorSession.objects.get().happened.startswith("Typed for a long time")
