"""Likely term dates of an English school, to start from until the school has entered its own. Pure functions."""

import datetime as dt
from dataclasses import dataclass

from students.enums import TermName

WEEK = dt.timedelta(weeks=1)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class TermDates:
    """First and last day of a term, and its half-term break from Monday to Friday."""

    name: TermName
    starts_on: dt.date
    ends_on: dt.date
    break_starts_on: dt.date
    break_ends_on: dt.date


def academic_year_of(day: dt.date) -> int:
    """The calendar year in which the academic year of that day begins (CTF: September)."""
    return day.year if day.month >= 9 else day.year - 1


def easter_sunday(year: int) -> dt.date:
    """By the Gregorian rule (Oudin's algorithm)."""
    century, golden = year // 100, year % 19
    moon = (century - century // 4 - (century - (century - 17) // 25) // 3 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    offset = moon - weekday
    month = 3 + (offset + 40) // 44
    return dt.date(year, month, offset + 28 - 31 * (month // 4))


def likely_terms(year: int) -> list[TermDates]:
    """The three terms of the academic year that begins in `year`, as most local authorities set them."""
    easter = easter_sunday(year + 1)
    spring_end, summer_start = _around_easter(easter)
    return [
        _term(
            TermName.AUTUMN,
            _weekday_from(dt.date(year, 9, 1)),
            _last(4, dt.date(year, 12, 21)),
            _last(0, dt.date(year, 10, 31)),
        ),
        _term(TermName.SPRING, _next(0, dt.date(year + 1, 1, 3)), spring_end, _next(0, dt.date(year + 1, 2, 12))),
        _term(
            TermName.SUMMER, summer_start, _weekday_until(dt.date(year + 1, 7, 22)), _last(0, dt.date(year + 1, 5, 31))
        ),
    ]


def may_day(year: int) -> dt.date:
    """The early May bank holiday, the one bank holiday that always falls inside a term."""
    return _next(0, dt.date(year, 5, 1))


def _around_easter(easter: dt.date) -> tuple[dt.date, dt.date]:
    """(last day of spring, first of summer): two weeks in the first half of April, wherever Easter falls."""
    if easter <= dt.date(easter.year, 4, 1):
        return easter - 3 * DAY, easter + 15 * DAY
    if easter <= dt.date(easter.year, 4, 13):
        return easter - 9 * DAY, easter + 8 * DAY
    return easter - 16 * DAY, easter + 2 * DAY


def _term(name: TermName, first: dt.date, last: dt.date, break_monday: dt.date) -> TermDates:
    return TermDates(name, first, last, break_monday, break_monday + 4 * DAY)


def _next(weekday: int, day: dt.date) -> dt.date:
    return day + DAY * ((weekday - day.weekday()) % 7)


def _last(weekday: int, day: dt.date) -> dt.date:
    return day - DAY * ((day.weekday() - weekday) % 7)


def _weekday_from(day: dt.date) -> dt.date:
    return day if day.weekday() < 5 else _next(0, day)


def _weekday_until(day: dt.date) -> dt.date:
    return day if day.weekday() < 5 else _last(4, day)
