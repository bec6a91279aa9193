"""The facts that the attendance figures must reproduce, through real marks and the database's own triggers."""

import datetime as dt

import pytest

from students.models import Student
from tests import factories as make
from tutoring.attendance.models import Mark
from tutoring.attendance.selectors import figures_by_student
from tutoring.attendance.statistics import Figure

MONDAY = dt.date(2026, 9, 7)


def give(student: Student, codes: list[str], start: dt.date = MONDAY) -> None:
    """Marks from that Monday on, two a day, school days only; "-" stands for no mark at all."""
    marks = []
    for number, code in enumerate(codes):
        day = start + dt.timedelta(days=number // 2 % 5 + 7 * (number // 10))
        if code != "-":
            marks.append(Mark(student=student, date=day, session=("AM", "PM")[number % 2], code=code))
    Mark.objects.bulk_create(marks)


def figure(student: Student, start: dt.date = MONDAY, end: dt.date | None = None) -> Figure:
    return figures_by_student([student], start, end or start + dt.timedelta(days=60)).get(student.pk, Figure())


@pytest.mark.django_db
def test_unable_to_attend_and_missing_marks_stand_on_neither_side() -> None:
    student = make.StudentFactory.create()
    give(student, ["/", "\\", "/", "\\", "Y7", "Y7", "-", "-", *["/", "\\"] * 10])
    counts = figure(student)
    assert (counts.possible, counts.attended, counts.attendance) == (24, 24, 100)


@pytest.mark.django_db
def test_j_was_attended_before_the_reform_and_j1_is_an_absence_since() -> None:
    student = make.StudentFactory.create()
    make.MarkFactory.create(student=student, date=dt.date(2024, 5, 1), code="J")
    make.MarkFactory.create(student=student, date=dt.date(2024, 9, 10), code="J1")
    before = figure(student, dt.date(2024, 4, 29), dt.date(2024, 5, 5))
    after = figure(student, dt.date(2024, 9, 9), dt.date(2024, 9, 15))
    assert (before.possible, before.attended) == (1, 1)
    assert (after.possible, after.attended, after.authorised) == (1, 0, 1)


@pytest.mark.django_db
def test_a_code_outside_its_days_is_unknown_and_counts_nowhere() -> None:
    student = make.StudentFactory.create()
    make.MarkFactory.create(student=student, date=dt.date(2026, 9, 10), code="J")
    counts = figure(student)
    assert (counts.possible, counts.unknown, counts.attendance) == (0, 1, None)


@pytest.mark.django_db
def test_u_is_absent_unauthorised_and_late() -> None:
    student = make.StudentFactory.create()
    give(student, ["/", "\\", "U", "\\"])
    counts = figure(student)
    assert (counts.attendance, counts.unauthorised, counts.notice) == (75, 1, 1)
    assert (counts.arrivals, counts.late, counts.punctuality) == (4, 1, 75)


@pytest.mark.django_db
def test_only_not_possible_marks_give_no_percentage_at_all() -> None:
    student = make.StudentFactory.create()
    give(student, ["X", "X", "D", "D"])
    counts = figure(student)
    assert counts.attendance is None
    assert not counts.persistent
    assert not counts.severe


@pytest.mark.django_db
def test_a_changed_mark_changes_the_figure() -> None:
    student = make.StudentFactory.create()
    give(student, ["N", "N", "/", "\\"])
    Mark.objects.filter(student=student, code="N").update(code="Y2")
    counts = figure(student)
    assert (counts.possible, counts.attended, counts.notice) == (2, 2, 0)


@pytest.mark.parametrize(("absent", "persistent"), [(37, False), (38, True)])
def test_persistent_absence_is_decided_on_whole_numbers(absent: int, persistent: bool) -> None:
    assert Figure(possible=380, attended=380 - absent, authorised=absent).persistent is persistent


def test_a_percentage_that_shows_as_ninety_can_still_be_persistent() -> None:
    counts = Figure(possible=379, attended=341, authorised=38)
    assert f"{counts.attendance:.1f}" == "90.0"
    assert counts.persistent


@pytest.mark.django_db
def test_a_circle_is_summed_not_averaged() -> None:
    often, once = make.StudentFactory.create(), make.StudentFactory.create()
    give(often, ["/", "\\"] * 20)
    give(once, ["O", "O"])
    found = figures_by_student([often, once], MONDAY, MONDAY + dt.timedelta(days=60))
    assert sum(found.values(), Figure()).attendance == pytest.approx(100 * 40 / 42)
