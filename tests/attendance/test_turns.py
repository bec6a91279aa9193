"""The weeks that the database gives to the story say of a student's years what all weeks would."""

import datetime as dt
from itertools import groupby

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from students.models import Student
from tests import factories as make
from tutoring.attendance.crossings import NOTICE_WEEKS, Crossing, SoFar, crossings, with_standing
from tutoring.attendance.models import WeekCount
from tutoring.attendance.statistics import Figure
from tutoring.attendance.turns import academic_year, weeks_that_turn

pytestmark = pytest.mark.django_db
FIRST = dt.date(2022, 8, 1)  # a Monday
WEEK = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))


def all_weeks(student: Student, today: dt.date) -> list[list[SoFar]]:
    """Each academic year's weeks with a possible session, summed up here."""
    years = []
    held = WeekCount.objects.filter(student=student, possible__gt=0, week__lte=today).order_by("week")
    for _, rows in groupby(held, key=lambda count: academic_year(count.week)):
        year: list[SoFar] = []
        lately: list[int] = []
        total = Figure()
        for row in rows:
            lately = [*lately, row.notice][-NOTICE_WEEKS:]
            total += Figure(
                row.possible, row.attended, row.authorised, row.unauthorised,
                row.arrivals, row.late, row.notice, row.unknown,
            )  # fmt: skip
            year.append(SoFar(row.week, total, sum(lately)))
        years.append(year)
    return years


def given_weeks(student: Student, today: dt.date, years: int = 99) -> list[list[SoFar]]:
    weeks = weeks_that_turn(student, year=academic_year(today), today=today, years=years)
    return [list(rows) for _, rows in groupby(weeks, key=lambda held: academic_year(held.week))]


def told(years: list[list[SoFar]], today: dt.date) -> list[Crossing]:
    """All that a story would tell, as of that day."""
    return [crossing for year in years for crossing in with_standing(crossings(year), year[-1], today)]


def fill(student: Student, weeks: list[tuple[int, int, int]]) -> None:
    WeekCount.objects.bulk_create(
        WeekCount(
            student=student, week=FIRST + dt.timedelta(weeks=number), possible=possible, notice=min(gone, possible),
            attended=possible - min(gone, possible), unauthorised=min(gone, possible, 3), late=late,
            authorised=max(min(gone, possible) - 3, 0), arrivals=possible,
        )
        for number, (possible, gone, late) in enumerate(weeks)
    )  # fmt: skip


@given(weeks=st.lists(WEEK, max_size=150))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_they_tell_what_all_weeks_would(weeks: list[tuple[int, int, int]]) -> None:
    student = make.StudentFactory.create()
    fill(student, weeks)
    today = FIRST + dt.timedelta(weeks=120, days=2)
    assert told(given_weeks(student, today), today) == [
        crossing for year in all_weeks(student, today) if crossings(year) for crossing in told([year], today)
    ]


def test_a_quiet_year_brings_few_of_its_weeks() -> None:
    student = make.StudentFactory.create()
    fill(student, [(10, 2, 0)] * 100)
    years = given_weeks(student, timezone.localdate())
    assert [len(year) for year in years] == [2, 3, 3]
    assert years[-1][-1] == all_weeks(student, timezone.localdate())[-1][-1]


def test_so_many_years_with_a_crossing_the_latest_and_no_others() -> None:
    student = make.StudentFactory.create()
    fill(student, [(10, 2, 0)] * 56 + [(10, 0, 0)] * 52 + [(10, 2, 0)] * 60)
    found = given_weeks(student, timezone.localdate(), years=2)
    assert [academic_year(year[0].week) for year in found] == [2024, 2025]


def test_the_week_a_full_point_above_a_level_is_among_them() -> None:
    """It is where attendance came back: 9 of 110 missed; a week before it was 9 of 100."""
    student = make.StudentFactory.create()
    fill(student, [(0, 0, 0)] * 5 + [(10, 0, 0)] * 8 + [(10, 9, 0)] + [(10, 0, 0)] * 4)
    (year,) = given_weeks(student, timezone.localdate())
    assert [(c.week, c.down) for c in crossings(year)] == [
        (FIRST + dt.timedelta(weeks=13), True),
        (FIRST + dt.timedelta(weeks=15), False),
    ]
