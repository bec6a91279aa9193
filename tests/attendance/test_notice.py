"""The notice threshold over ten school weeks, the five school days for an N, and compulsory school age."""

import datetime as dt

import pytest

from tutoring.attendance.notice import (
    Seen,
    first_window_met,
    latest_window,
    of_compulsory_age,
    reason_due,
    school_weeks,
)

MONDAY = dt.date(2026, 9, 7)


def week(monday: dt.date, *codes: str) -> list[Seen]:
    """A school week of ten sessions: the codes first, present for the rest."""
    filled = [*codes, *["/", "\\"] * 5][:10]
    return [Seen(monday + dt.timedelta(days=n // 2), ("AM", "PM")[n % 2], code) for n, code in enumerate(filled)]


def test_ten_in_one_week_meet_it_and_nine_do_not() -> None:
    met = first_window_met(week(MONDAY, *["G"] * 10))
    assert met is not None
    assert len(met.sessions) == 10
    assert first_window_met(week(MONDAY, *["G"] * 9)) is None


def test_holiday_weeks_are_not_school_weeks() -> None:
    july = week(dt.date(2026, 7, 13), *["G"] * 6)
    holiday = [m for n in range(6) for m in week(dt.date(2026, 7, 20) + dt.timedelta(weeks=n), *["#"] * 10)]
    september = week(MONDAY, *["O"] * 4)
    marks = [*july, *holiday, *september]
    assert school_weeks(marks) == [dt.date(2026, 7, 13), MONDAY]
    assert first_window_met(marks) is not None


def test_eleven_school_weeks_apart_do_not_add_up() -> None:
    marks = week(MONDAY, *["U"] * 6)
    for number in range(1, 10):
        marks += week(MONDAY + dt.timedelta(weeks=number))
    assert first_window_met([*marks, *week(MONDAY + dt.timedelta(weeks=10), *["U"] * 4)]) is None
    assert first_window_met([*marks[:-10], *week(MONDAY + dt.timedelta(weeks=9), *["U"] * 4)]) is not None


def test_the_latest_window_says_how_many_are_left() -> None:
    window = latest_window([*week(MONDAY, "N", "I", "M"), *week(MONDAY + dt.timedelta(weeks=1), "G", "U", "O")])
    assert window is not None
    assert [m.code for m in window.sessions] == ["N", "G", "U", "O"]
    assert (window.met, window.left) == (False, 6)


def test_no_marks_no_window() -> None:
    assert latest_window([]) is None
    assert latest_window(week(MONDAY, *["#"] * 10)) is None


def test_five_school_days_reach_over_half_term() -> None:
    absent = dt.date(2026, 10, 22)
    half_term = {dt.date(2026, 10, 26) + dt.timedelta(days=n) for n in range(5)}
    days = [absent + dt.timedelta(days=n) for n in range(30)]
    school = [d for d in days if d.weekday() < 5 and d not in half_term]
    assert reason_due(absent, school) == dt.date(2026, 11, 5)
    assert reason_due(absent, school[:4]) is None


@pytest.mark.parametrize(
    ("born", "last_day"),
    [
        (dt.date(2010, 9, 1), dt.date(2027, 6, 25)),
        (dt.date(2011, 8, 31), dt.date(2027, 6, 25)),
        (dt.date(2010, 8, 31), dt.date(2026, 6, 26)),
    ],
)
def test_compulsory_age_ends_on_the_last_friday_in_june(born: dt.date, last_day: dt.date) -> None:
    assert of_compulsory_age(born, last_day)
    assert not of_compulsory_age(born, last_day + dt.timedelta(days=1))
