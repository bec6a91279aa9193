"""The weekly counts follow the marks, whatever way a mark is written."""

import datetime as dt

import pytest
from django.db import connection

from students.models import Student
from tests.factories import MarkFactory, StudentFactory
from tutoring.attendance.models import Mark, WeekCount
from tutoring.attendance.services import recount_weeks

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 9, 7)


@pytest.fixture
def student() -> Student:
    return StudentFactory.create()


def _counts(student: Student, week: dt.date = MONDAY) -> tuple[int, ...]:
    row = WeekCount.objects.get(student=student, week=week)
    return (
        row.possible,
        row.attended,
        row.authorised,
        row.unauthorised,
        row.arrivals,
        row.late,
        row.notice,
        row.unknown,
    )


def test_each_kind_of_mark_counts_where_it_belongs(student: Student) -> None:
    for position, code in enumerate(["/", "\\", "L", "U", "I", "V", "X", "??", "O"]):
        day = MONDAY + dt.timedelta(days=position // 2)
        MarkFactory.create(student=student, date=day, session=("AM", "PM")[position % 2], code=code[:2])
    assert _counts(student) == (7, 4, 1, 2, 4, 2, 2, 1)


def test_a_correction_moves_the_count(student: Student) -> None:
    MarkFactory.create(student=student, date=MONDAY, code="N")
    Mark.objects.filter(student=student).update(code="L")
    assert _counts(student) == (1, 1, 0, 0, 1, 1, 0, 0)


def test_a_removed_mark_leaves_nothing_behind(student: Student) -> None:
    MarkFactory.create(student=student, date=MONDAY, code="O")
    Mark.objects.filter(student=student).delete()
    assert sum(_counts(student)) == 0


def test_bulk_writing_counts_in_one_statement(student: Student) -> None:
    days = [MONDAY + dt.timedelta(days=n) for n in range(12) if n % 7 < 5]
    Mark.objects.bulk_create(Mark(student=student, date=d, session=s, code="/") for d in days for s in ("AM", "PM"))
    assert _counts(student)[:2] == (10, 10)
    assert _counts(student, MONDAY + dt.timedelta(days=7))[:2] == (10, 10)


@pytest.mark.parametrize(
    ("day", "code", "counts"),
    [
        (dt.date(2024, 5, 1), "J", (1, 1, 0, 0)),  # an interview was attendance until August 2024
        (dt.date(2024, 9, 10), "J1", (1, 0, 1, 0)),  # and is authorised absence since
        (dt.date(2026, 9, 8), "Y7", (0, 0, 0, 0)),  # unable to attend: not possible
        (dt.date(2026, 9, 8), "Y", (0, 0, 0, 0)),  # withdrawn: unknown, out of both sides
    ],
)
def test_a_code_means_what_it_meant_on_the_day(
    student: Student, day: dt.date, code: str, counts: tuple[int, ...]
) -> None:
    MarkFactory.create(student=student, date=day, code=code)
    assert _counts(student, day - dt.timedelta(days=day.weekday()))[:4] == counts


def test_a_recount_finds_and_mends_a_wrong_count(student: Student) -> None:
    MarkFactory.create(student=student, date=MONDAY, code="/")
    assert recount_weeks() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE attendance_weekcount SET attended = 9")
    assert recount_weeks() > 0
    assert _counts(student)[:2] == (1, 1)
