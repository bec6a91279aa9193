"""The story: each source in plain words, newest first, page by page, and the form beside it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from students.models import Student
from tests import factories as make
from tutoring.sessions.enums import Confidentiality, Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def tutor() -> User:
    return make.person(Role.TUTOR, group=make.TutorGroupFactory.create())


@pytest.fixture
def student(tutor: User) -> Student:
    return make.student_in(make.TutorGroupFactory.create())


def page(client: Client, user: User, student: Student, query: str = "", **headers: str) -> str:
    client.force_login(user)
    url = reverse("desk:student-story", args=[student.pk])
    return client.get(f"{url}{query}", headers=headers).content.decode()


def test_an_empty_story_says_what_will_stand_here(client: Client, tutor: User, student: Student) -> None:
    assert "The story begins with the first entry" in page(client, tutor, student)


def test_entries_in_plain_words(client: Client, tutor: User, student: Student) -> None:
    today = timezone.localdate()
    session = make.TutorSessionFactory.create(
        student=student, author=tutor, minutes=25, place="Room H4", student_words="I can't be in two places."
    )
    make.NextStepFactory.create(session=session, text="Ring home", due_on=today - dt.timedelta(days=6))
    make.TutorSessionFactory.create(student=student, author=tutor, kind=Kind.CALL_HOME, held_on=today)
    for _ in range(2):
        make.BehaviourEventFactory.create(student=student, kind="negative", category="C3", number=_ + 1)
    text = page(client, tutor, student)
    for words in (
        "1:1 with you", "25 min · Room H4", "I can&#x27;t be in two places.", "1 step agreed", "Call home by you",
        "Step overdue: Ring home", "6 days late", "for Jamal to do", "2 sanctions in a week", "C3 ×2",
    ):  # fmt: skip
        assert words in text, words
    assert text.index("Call home by you") < text.index("Step overdue") < text.index("1:1 with you")


def test_filters_show_one_kind(client: Client, tutor: User, student: Student) -> None:
    make.TutorSessionFactory.create(student=student, author=tutor)
    make.TutorSessionFactory.create(student=student, author=tutor, kind=Kind.CALL_HOME)
    assert "Call home by you" not in page(client, tutor, student, "?kind=talks")
    assert "1:1 with you" not in page(client, tutor, student, "?kind=home")
    assert "1:1 with you" in page(client, tutor, student, "?kind=nonsense")


def test_pages_by_time_miss_nothing_and_repeat_nothing(client: Client, tutor: User, student: Student) -> None:
    today = timezone.localdate()
    made = {
        make.TutorSessionFactory.create(student=student, author=tutor, held_on=today - dt.timedelta(days=n // 2)).pk
        for n in range(150)
    }
    seen, query = [], ""
    for _ in range(9):
        client.force_login(tutor)
        answer = client.get(reverse("desk:student-story", args=[student.pk]) + query)
        story = answer.context["story"]
        seen += [entry.session.pk for entry in story.entries]
        if story.earlier is None:
            break
        query = f"?before={story.earlier:%Y-%m-%d}"
    assert len(seen) == len(set(seen)) == 150
    assert set(seen) == made


def test_htmx_gets_the_earlier_entries_alone(client: Client, tutor: User, student: Student) -> None:
    make.TutorSessionFactory.create(student=student, author=tutor)
    answer = page(client, tutor, student, "?before=2026-11-01", **{"HX-Request": "true"})
    assert "<html" not in answer
    assert "1:1 with you" in answer


@pytest.mark.parametrize("before", ["nonsense", "2026-13-45", "", "0001-01-01"])
def test_a_strange_address_does_no_harm(client: Client, tutor: User, student: Student, before: str) -> None:
    assert "Story" in page(client, tutor, student, f"?before={before}")


def test_sessions_for_named_people_are_for_them(client: Client, tutor: User, student: Student) -> None:
    make.TutorSessionFactory.create(student=student, confidentiality=Confidentiality.NAMED, happened="Between us.")
    assert "Between us." not in page(client, tutor, student)


def test_the_form_stands_beside_the_story_of_those_who_log(client: Client, tutor: User, student: Student) -> None:
    assert 'id="log"' in page(client, tutor, student)
    senior = make.person(Role.DATA_MANAGER)
    assert 'id="log"' not in page(client, senior, student)


def test_a_step_of_ones_own_is_told_though_its_conversation_is_not(
    client: Client, tutor: User, student: Student
) -> None:
    """Named people only: whoever has a step to do sees the step and the day, and no word of the rest."""
    session = make.TutorSessionFactory.create(
        student=student, happened="Private.", held_on=dt.date(2026, 10, 9), confidentiality=Confidentiality.NAMED
    )
    overdue = timezone.localdate() - dt.timedelta(days=3)
    make.NextStepFactory.create(session=session, text="Ask about the bus", owner_staff=tutor, due_on=overdue)
    shown = page(client, tutor, student)
    assert "Step overdue: Ask about the bus" in shown
    assert "Agreed on 9 October" in shown
    assert "Private." not in shown
