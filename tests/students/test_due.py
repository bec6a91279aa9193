"""Lines of what is due: one statement whatever rooms they come from, and none about a student whom one does not see."""

import datetime as dt

import pytest
from django.db import connection
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from core.acting import Actor, acting_as
from students.due import lines_due
from tests import factories as make
from tutoring.plans.due import steps_due_for, steps_due_of

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
    parts = [*steps_due_for(tutor, localdate()), (GROUPS, {"day": localdate() - DAY})]
    with acting_as(Actor(user_id=tutor.pk)), django_assert_num_queries(1) as asked:
        found = lines_due(parts)
    assert str(tutor.pk.hex) in asked.captured_queries[0]["sql"], "said with its values, as the bench asks it again"
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


@pytest.mark.parametrize("times", [None, 5])
def test_planned_once_a_connection_it_answers_each_as_themselves(
    times: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`times` as in the settings: how often before the server keeps the plan; None where the connection is not ours."""
    today, theirs = localdate(), {}
    for name in ("7A", "7B"):
        group = make.TutorGroupFactory.create(name=name)
        tutor, student = make.person(Role.TUTOR, group=group), make.student_in(group)
        make.NextStepFactory.create(session__student=student, session__author=tutor, due_on=today)
        theirs[tutor] = student
    students = [student.pk for student in theirs.values()]
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, "prepare_threshold", times)
    for _ in range(6):
        for tutor, student in theirs.items():
            with acting_as(Actor(user_id=tutor.pk)):
                assert {line.student_id for line in lines_due(steps_due_of(students, tutor, today))} == {student.pk}
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans > 0 FROM pg_prepared_statements WHERE statement LIKE '%AS line%'")
        assert cursor.fetchall() == ([(True,)] if times else [])
        cursor.execute("DEALLOCATE ALL")


def test_nothing_asked_is_nothing_due() -> None:
    assert lines_due([]) == []
