"""Lines of what is due: one statement whatever rooms they come from, and none about a student whom one does not see."""

import datetime as dt

import pytest
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from core.acting import Actor, acting_as
from students.due import lines_due
from tests import factories as make
from tutoring.plans.due import steps_due_for

pytestmark = pytest.mark.django_db
GROUPS = "SELECT 'group', g.id, g.name, NULL::uuid, %(day)s::date, '', NULL::uuid, 0 FROM groups_tutorgroup g"
ABOUT = "SELECT 'leak', gen_random_uuid(), '', '{student}'::uuid, %(day)s::date, '', NULL::uuid, 0"
DAY = dt.timedelta(days=1)


def test_lines_of_several_rooms_come_by_day_with_names(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    group = make.TutorGroupFactory.create(name="7A")
    tutor = make.person(Role.TUTOR, group=group, first_name="Ada", last_name="Okoro")
    student = make.student_in(group, preferred_forename="Jo", preferred_surname="Bell")
    make.NextStepFactory.create(
        session__student=student, session__author=tutor, text="Ring", due_on=localdate(), owner_staff=tutor
    )
    with acting_as(Actor(user_id=tutor.pk)), django_assert_num_queries(1):
        found = lines_due([*steps_due_for(tutor, localdate()), (GROUPS, {"day": localdate() - DAY})])
    assert [(line.kind, line.text, line.student_name, line.staff_name) for line in found] == [
        ("group", "7A", "", ""),
        ("step", "Ring", "Jo Bell", "Ada Okoro"),
    ]


def test_nothing_is_due_about_a_student_whom_one_does_not_see() -> None:
    """Even where a room lets such a row through."""
    group = make.TutorGroupFactory.create()
    tutor, mine = make.person(Role.TUTOR, group=group), make.student_in(group)
    stranger = make.student_in(make.TutorGroupFactory.create(name="Elsewhere"))
    parts = [(ABOUT.replace("{student}", str(student.pk)), {"day": localdate()}) for student in (mine, stranger)]
    with acting_as(Actor(user_id=tutor.pk)):
        assert [line.student_id for line in lines_due(parts)] == [mine.pk]


def test_nothing_asked_is_nothing_due() -> None:
    assert lines_due([]) == []
