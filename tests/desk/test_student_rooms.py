"""What other rooms know of a student stands on the tabs of their page, and in the story."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from tests import factories as make
from tests.sessions.pages import client_of, scene
from tests.tutorials.pages import WEEK, met, weekly
from tutoring.roundrobin.models import Ask

pytestmark = pytest.mark.django_db


def tab(client: Client, name: str, student: object) -> str:
    return client.get(reverse(f"desk:student-{name}", args=[student])).content.decode()


def test_interventions_stand_beside_plans() -> None:
    """Duty 26."""
    world = scene()
    intervention = make.InterventionFactory.create(name="Morning readers", lead=world.tutor)
    client = client_of(world.tutor)
    assert "Morning readers" not in tab(client, "plans", world.student.pk)
    make.MemberFactory.create(intervention=intervention, student=world.student)
    page = tab(client, "plans", world.student.pk)
    assert "Morning readers" in page
    assert "came 0 times, 0 minutes" in page


def test_group_tutorials_stand_beside_attendance() -> None:
    """Duty 11."""
    week = weekly()
    student, client = week.world.student, week.client
    assert "Group tutorials this year" not in tab(client, "attendance", student.pk)
    for number, mark in enumerate(("present", "late", "absent")):
        meeting = make.MeetingFactory.create(series=week.series, day=met() - number * WEEK)
        make.PresenceFactory.create(meeting=meeting, student=student, mark=mark)
    assert "There at 2 of 3, late at 1." in tab(client, "attendance", student.pk)


def test_tags_stand_with_the_conversation() -> None:
    world = scene()
    make.SessionTagFactory.create(name="Friendship")
    make.TutorSessionFactory.create(student=world.student, author=world.tutor, tags=["Friendship"])
    assert "Friendship" in tab(client_of(world.tutor), "story", world.student.pk)


def test_what_teachers_answered_stands_on_the_preparation_sheet_and_what_one_is_asked_on_today() -> None:
    """Duty 81, delight 4: the collated answers open inside the 1:1."""
    world = scene()
    teacher = make.person(Role.SUBJECT_TEACHER, last_name="Okonkwo")
    ask = make.AskFactory.create(student=world.student, asked_by=world.tutor, teacher=teacher)
    [line] = client_of(teacher).get(reverse("desk:today")).context["due"]
    assert (line.line.kind, line.url) == ("ask", reverse("roundrobin:answer", args=[ask.pk]))
    client = client_of(world.tutor)
    assert "Okonkwo" not in tab(client, "preparation", world.student.pk)
    Ask.objects.update(answers=["Well", "All in"], answered_at=timezone.now(), how="signed_in")
    sheet = tab(client, "preparation", world.student.pk)
    assert "Okonkwo" in sheet
    assert "Well · All in" in sheet
    assert client_of(teacher).get(reverse("desk:today")).context["due"] == []
