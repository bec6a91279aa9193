"""Lines of what is due: one statement whatever rooms they come from, and none about a student whom one does not see."""

import datetime as dt

import pytest
from django.db.models import UUIDField, Value
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from core.acting import Actor, acting_as
from students.due import NOBODY, as_lines, lines_due
from tests import factories as make
from tutoring.groups.models import TutorGroup
from tutoring.sessions.models import NextStep

pytestmark = pytest.mark.django_db
TODAY, DAY = timezone.localdate(), dt.timedelta(days=1)


def test_lines_of_several_rooms_come_by_day_with_names(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    group = make.TutorGroupFactory.create(name="7A")
    tutor = make.person(Role.TUTOR, group=group, first_name="Ada", last_name="Okoro")
    student = make.student_in(group, preferred_forename="Jo", preferred_surname="Bell")
    make.NextStepFactory.create(
        session__student=student, session__author=tutor, text="Ring", due_on=TODAY, owner_staff=tutor
    )
    steps = as_lines(NextStep.objects.all(), "step", owner="owner")
    groups = as_lines(
        TutorGroup.objects.all(), "group", text="name", day=Value(TODAY - DAY), student=NOBODY, staff=NOBODY
    )
    with acting_as(Actor(user_id=tutor.pk)), django_assert_num_queries(1):
        found = lines_due([steps, groups])
    assert [(line.kind, line.text, line.student_name, line.staff_name) for line in found] == [
        ("group", "7A", "", ""),
        ("step", "Ring", "Jo Bell", "Ada Okoro"),
    ]


def test_nothing_is_due_about_a_student_whom_one_does_not_see() -> None:
    """Even where a room lets such a row through."""
    group = make.TutorGroupFactory.create()
    tutor, mine = make.person(Role.TUTOR, group=group), make.student_in(group)
    stranger = make.student_in(make.TutorGroupFactory.create(name="Elsewhere"))
    parts = [
        as_lines(
            TutorGroup.objects.filter(pk=group.pk), "leak", text="name", day=Value(TODAY), staff=NOBODY,
            student=Value(student.pk, UUIDField()),
        )
        for student in (mine, stranger)
    ]  # fmt: skip
    with acting_as(Actor(user_id=tutor.pk)):
        assert [line.student_id for line in lines_due(parts)] == [mine.pk]


def test_nothing_asked_is_nothing_due() -> None:
    assert lines_due([as_lines(NextStep.objects.none(), "step", owner="owner")]) == []
