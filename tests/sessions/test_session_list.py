"""The list of sessions and the page of one, and steps ticked off."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from tests import factories as make
from tests.sessions.pages import client_of, opened_form, scene
from tutoring.sessions.models import NextStep, SessionKind

pytestmark = pytest.mark.django_db
LIST = "/sessions/"


def test_mine_first_then_all_i_may_read_narrowed_by_kind_and_topic() -> None:
    world = scene()
    make.TutorSessionFactory.create(student=world.student, author=world.tutor, happened="Mine", topics=["home"])
    make.TutorSessionFactory.create(student=world.student, happened="A colleague's", kind="call_home")
    make.TutorSessionFactory.create(student=world.student, happened="Not for me", confidentiality="named")
    client = client_of(world.tutor)

    def shown(query: str) -> set[str]:
        return {session.happened for session in client.get(LIST + query).context["sessions"]}

    assert shown("") == {"Mine"}
    assert shown("?whose=all") == {"Mine", "A colleague's"}
    calls = SessionKind.objects.get(kind="call_home")
    assert shown(f"?whose=all&kind={calls.pk}") == {"A colleague's"}
    assert shown("?topic=home") == {"Mine"}
    assert shown("?topic=friendships") == set()
    assert shown("?kind=nonsense") == {"Mine"}


def test_the_list_takes_the_same_queries_for_one_session_or_thirty() -> None:
    world = scene()
    client = client_of(world.tutor)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(LIST)
        return len(captured)

    make.NextStepFactory.create(session=make.TutorSessionFactory.create(student=world.student, author=world.tutor))
    few = queries()
    for _ in range(30):
        make.NextStepFactory.create(
            session=make.TutorSessionFactory.create(student=world.classmate, author=world.tutor),
            owner_staff=world.tutor,
        )
    assert queries() <= few + 1  # the pager counts


def test_a_step_is_ticked_off_with_one_tap_and_the_tick_undone() -> None:
    world = scene()
    step = make.NextStepFactory.create(session__student=world.student, session__author=world.tutor)
    client, url = client_of(world.tutor), reverse("tutor_sessions:step-done", args=[step.pk])
    part = client.post(url, {"next": "/"}, headers={"HX-Request": "true"}).content.decode()
    assert "Undo" in part
    assert "<html" not in part
    step.refresh_from_db()
    assert step.done_on == timezone.localdate()
    assert client.post(url, {"undo": "1", "next": "//evil.example/"}).headers["Location"].startswith("/students/")
    step.refresh_from_db()
    assert step.done_on is None
    assert client.get(url).status_code == 405


def test_its_owner_ticks_off_a_step_of_a_session_they_may_not_read() -> None:
    world = scene()
    teacher = make.person(Role.SUBJECT_TEACHER, student=world.student)
    step = make.NextStepFactory.create(session__student=world.student, owner="staff", owner_staff=teacher)
    client = client_of(teacher)
    assert client.get(reverse("tutor_sessions:session-detail", args=[step.session_id])).status_code == 404
    assert client.post(reverse("tutor_sessions:step-done", args=[step.pk])).status_code == 302
    other = make.NextStepFactory.create(session__student=world.student)
    assert client.post(reverse("tutor_sessions:step-done", args=[other.pk])).status_code == 404


def test_how_a_step_is_going_and_a_new_day() -> None:
    world = scene()
    step = make.NextStepFactory.create(session__student=world.student, session__author=world.tutor)
    client, url = client_of(world.tutor), reverse("tutor_sessions:step-update", args=[step.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"outcome": "Twice this week", "due_on": "2026-12-11"})
    step.refresh_from_db()
    assert (step.outcome, step.due_on) == ("Twice this week", dt.date(2026, 12, 11))


def test_three_times_moved_shows_on_the_step_and_on_today() -> None:
    world = scene()
    today = timezone.localdate()
    step = make.NextStepFactory.create(session__student=world.student, session__author=world.tutor, due_on=today)
    client, url = client_of(world.tutor), reverse("tutor_sessions:step-update", args=[step.pk])
    for days in (4, 5, 6, 6):
        client.post(url, {"outcome": "Not yet", "due_on": (today + dt.timedelta(days=days)).isoformat()})
    step.refresh_from_db()
    assert step.times_moved == 3, "the day that stayed is not counted"
    NextStep.objects.update(due_on=today)
    for page in (reverse("tutor_sessions:session-detail", args=[step.session_id]), reverse("desk:today")):
        assert "Day moved 3 times" in client.get(page).content.decode(), page


def test_a_step_keeps_a_day_so_that_nobody_forgets_it() -> None:
    world = scene()
    step = make.NextStepFactory.create(session__student=world.student, session__author=world.tutor)
    answer = client_of(world.tutor).post(reverse("tutor_sessions:step-update", args=[step.pk]), {"outcome": "Soon"})
    assert "This field is required" in answer.content.decode()
    url = reverse("tutor_sessions:session-update", args=[step.session_id])
    client = client_of(world.tutor)
    row = {"pk": str(step.pk), "text": step.text, "who": "student", "due_on": ""}
    sent = opened_form(client, url, **{f"steps-0-{name}": value for name, value in row.items()})
    assert client.post(url, sent).status_code == 302
    assert NextStep.objects.get().due_on == step.due_on


def test_a_whole_session_is_shown_with_its_words_escaped() -> None:
    world = scene()
    session = make.TutorSessionFactory.create(
        student=world.student, author=world.tutor, happened="<script>alert(1)</script>", minutes=25, place="Room H4"
    )
    page = client_of(world.tutor).get(reverse("tutor_sessions:session-detail", args=[session.pk])).content.decode()
    assert "&lt;script&gt;" in page
    assert "25 min" in page
    assert "Room H4" in page
