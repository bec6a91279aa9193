"""Working days as authorities count them: Monday to Friday but for the bank holidays of England. Pure functions.

School days are another count: terms, half-terms and closures do not matter here. Bank holidays: Banking and Financial
Dealings Act 1971 and the proclamations under it; a day that was proclaimed once, as a coronation, is not known here.
"""

import datetime as dt
from functools import lru_cache

from students.calendar import easter_sunday, may_day

DAY = dt.timedelta(days=1)
SATURDAY = 5


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[dt.date]:
    """The eight of a year; one that falls on a weekend is kept on the next working day."""
    easter = easter_sunday(year)
    moving = {easter - 2 * DAY, easter + DAY, may_day(year), _last_monday(year, 5), _last_monday(year, 8)}
    kept = set(moving)
    for fixed in (dt.date(year, 1, 1), dt.date(year, 12, 25), dt.date(year, 12, 26)):
        if fixed.weekday() < SATURDAY:
            kept.add(fixed)
    for fixed in (dt.date(year, 1, 1), dt.date(year, 12, 25), dt.date(year, 12, 26)):
        if fixed.weekday() >= SATURDAY:
            instead = fixed
            while instead.weekday() >= SATURDAY or instead in kept:
                instead += DAY
            kept.add(instead)
    return frozenset(kept)


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


def working_days_after(day: dt.date, number: int) -> dt.date:
    """The last day of that many working days; the day itself does not count."""
    while number > 0:
        day += DAY
        number -= is_working_day(day)
    return day


def _last_monday(year: int, month: int) -> dt.date:
    last = dt.date(year, month, 31)
    return last - DAY * last.weekday()
