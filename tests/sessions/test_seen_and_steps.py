"""Who has been seen since a day, and which steps are late: sets in, one query out."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from students.models import Student
from tests import factories as make
from tests.sessions.pages import scene
from tutoring.sessions import selectors
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import NextStep

pytestmark = pytest.mark.django_db
START, BEFORE, DAY, LATER = dt.date(2026, 9, 1), dt.date(2026, 8, 31), dt.date(2026, 9, 7), dt.date(2026, 10, 9)


def test_only_conversations_with_the_student_count_as_seen(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    world = scene()
    for day, kind in ((DAY, Kind.ONE_TO_ONE), (LATER, Kind.HOME_VISIT), (dt.date(2026, 11, 2), Kind.CALL_HOME)):
        make.TutorSessionFactory.create(student=world.student, held_on=day, kind=kind)
    make.TutorSessionFactory.create(student=world.classmate, held_on=BEFORE)
    make.TutorSessionFactory.create(student=world.classmate, held_on=DAY, kind=Kind.MEETING)
    everybody = Student.objects.all()
    with django_assert_num_queries(1):
        assert selectors.last_seen(everybody, since=START) == {world.student.pk: LATER}
    assert selectors.last_seen([world.student], since=START, until=DAY) == {world.student.pk: DAY}
    annotated = selectors.students_with_last_seen(everybody, since=START)
    assert dict(annotated.values_list("pk", "last_seen_on")) == {world.student.pk: LATER, world.classmate.pk: None}


def test_a_step_is_late_from_the_day_after(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    session = make.TutorSessionFactory.create()
    late = make.NextStepFactory.create(session=session, due_on=DAY)
    make.NextStepFactory.create(session=session, due_on=DAY, done_on=DAY)
    make.NextStepFactory.create(session=session, due_on=None)
    steps = NextStep.objects.all()
    assert list(selectors.steps_overdue(steps, DAY)) == []
    assert list(selectors.steps_overdue(steps, DAY + dt.timedelta(days=1))) == [late]
    assert list(selectors.steps_due(steps, DAY)) == [late]
    with django_assert_num_queries(1):
        counted = selectors.step_counts(steps.filter(done_on=None), DAY + dt.timedelta(days=1))
        assert list(counted) == [(session.student_id, 2, 1)]
