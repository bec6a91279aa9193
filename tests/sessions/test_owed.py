"""Duty 10: the school's rule (how often a term, which kinds count, who is exempt) is one, wherever somebody asks."""

import datetime as dt
from itertools import product

import pytest
from django.utils import timezone

from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, scene
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionKind
from tutoring.sessions.owed import next_owed, promise_to, students_owed, students_with_rule, students_with_times_seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Scene:
    return scene()


def owed(world: Scene) -> set[str]:
    """Forenames of those whom PostgreSQL says are owed one; the same reckoned from rows must say the same."""
    students, school, start = Student.objects.all(), world.group.school, world.term.starts_on
    ruled = students_with_times_seen(students_with_rule(students, school, timezone.localdate()), since=start)
    reckoned = {s.preferred_forename for s in ruled if promise_to(s, s.times_seen).owed}  # type: ignore[attr-defined]
    asked = set(students_owed(students, school, since=start).values_list("preferred_forename", flat=True))
    assert asked == reckoned
    return asked


def seen(student: Student, day: dt.date, kind: str = Kind.ONE_TO_ONE) -> None:
    make.TutorSessionFactory.create(student=student, held_on=day, kind=kind)


def test_a_session_of_this_term_is_enough_where_the_school_has_settled_nothing(world: Scene) -> None:
    start = world.term.starts_on
    seen(world.student, start)
    seen(world.classmate, start - dt.timedelta(days=1))
    assert owed(world) == {"Zofia"}


def test_twice_a_term_is_not_once(world: Scene) -> None:
    make.EntitlementFactory.create(school=world.group.school, per_term=2)
    seen(world.student, world.term.starts_on)
    for day in (0, 20):
        seen(world.classmate, world.term.starts_on + dt.timedelta(days=day))
    assert owed(world) == {"Jamal"}


def test_only_kinds_that_the_school_counts(world: Scene) -> None:
    seen(world.student, world.term.starts_on, Kind.CALL_HOME)
    assert owed(world) == {"Jamal", "Zofia"}
    SessionKind.objects.filter(kind=Kind.CALL_HOME).update(counts=True)
    assert owed(world) == {"Zofia"}


def test_an_exempt_year_and_an_exemption_while_it_lasts(world: Scene) -> None:
    today = timezone.localdate()
    make.EntitlementFactory.create(school=world.group.school, exempt_years=[12, 13])
    for name, year in (("Twelve", 12), ("None", None)):
        make.student_in(world.group, legal_forename=name, year_group=year)
    make.ExemptionFactory.create(student=world.student, ends_on=today)
    make.ExemptionFactory.create(student=world.classmate, ends_on=today - dt.timedelta(days=1))
    assert owed(world) == {"Zofia", "None"}


def test_every_mixture_is_reckoned_alike_by_both(world: Scene) -> None:
    make.EntitlementFactory.create(school=world.group.school, per_term=2, exempt_years=[7])
    expected = set()
    for times, year, exempt in product((0, 1, 2, 3), (7, 8), (False, True)):
        name = f"S{times}{year}{exempt}"
        student = make.student_in(world.group, legal_forename=name, year_group=year)
        for n in range(times):
            seen(student, world.term.starts_on + dt.timedelta(days=n))
        if exempt:
            make.ExemptionFactory.create(student=student)
        if times < 2 and year == 8 and not exempt:
            expected.add(name)
    assert owed(world) == expected | {"Jamal", "Zofia"}


def test_the_next_one_comes_after_this_one_and_then_from_the_front(world: Scene) -> None:
    first = make.student_in(world.group, legal_forename="Ada", legal_surname="Bell")
    make.ExemptionFactory.create(student=make.student_in(world.group, legal_forename="Abe", legal_surname="Abel"))
    assert next_owed(world.tutor, but=world.student) == world.classmate
    assert next_owed(world.tutor, but=world.classmate) == first, "whoever is exempt is passed over"
    for student in (first, world.classmate, world.student):
        seen(student, world.term.starts_on)
    assert next_owed(world.tutor, but=world.student) is None
    make.EntitlementFactory.create(school=world.group.school, per_term=2)
    assert next_owed(world.tutor, but=world.student) == world.classmate, "once of twice"
