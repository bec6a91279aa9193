"""The calendar of an English school around a date: terms, half terms, closures, school weeks counted backwards."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cache, cached_property

from students.enums import TermName

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)
# A data drop is collected about here in a term, counted in days from its first.
DROP_AFTER = dt.timedelta(days=56)
DROP_ORDER = {TermName.SPRING: 1, TermName.SUMMER: 2, TermName.AUTUMN: 3}


@dataclass(frozen=True)
class TermDates:
    """One term; `year` is the calendar year in which its academic year began."""

    year: int
    name: TermName
    starts_on: dt.date
    ends_on: dt.date
    break_starts_on: dt.date
    break_ends_on: dt.date

    def has(self, day: dt.date) -> bool:
        """Whether the day lies in the term and outside its half-term break."""
        return self.starts_on <= day <= self.ends_on and not self.break_starts_on <= day <= self.break_ends_on

    @property
    def drop_name(self) -> str:
        """The data drop of this term, as the school names it: 2026 Autumn."""
        return f"{self.starts_on.year} {self.name.label}"

    @property
    def drop_position(self) -> int:
        return self.starts_on.year * 10 + DROP_ORDER[self.name]


def easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    shift = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * shift) // 451
    month, day = divmod(h + shift - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def weekday_from(day: dt.date, weekday: int) -> dt.date:
    """The first such weekday (Monday is 0) on or after the day."""
    return day + (weekday - day.weekday()) % 7 * DAY


def weekday_until(day: dt.date, weekday: int) -> dt.date:
    """The last such weekday on or before the day."""
    return day - (day.weekday() - weekday) % 7 * DAY


def working_day(day: dt.date) -> dt.date:
    """The day itself, or the Monday after where it falls on a weekend."""
    return day if day.weekday() < 5 else weekday_from(day, 0)


@cache
def terms_of_year(year: int) -> tuple[TermDates, ...]:
    """The three terms of the academic year that begins in September of `year`."""
    autumn_break = weekday_from(dt.date(year, 10, 24), 0)
    spring_break = weekday_from(dt.date(year + 1, 2, 12), 0)
    sunday = easter(year + 1)
    late = sunday > dt.date(year + 1, 4, 11)
    holiday = sunday - (13 if late else 6) * DAY  # two weeks that hold both bank holidays of Easter
    may_break = weekday_until(dt.date(year + 1, 5, 31), 0)  # begins with the late May bank holiday
    rows = [
        (TermName.AUTUMN, working_day(dt.date(year, 9, 3)), weekday_until(dt.date(year, 12, 21), 4), autumn_break),
        (TermName.SPRING, working_day(dt.date(year + 1, 1, 4)), holiday - 3 * DAY, spring_break),
        (TermName.SUMMER, holiday + (15 if late else 14) * DAY, working_day(dt.date(year + 1, 7, 21)), may_break),
    ]
    return tuple(TermDates(year, name, first, last, start, start + 4 * DAY) for name, first, last, start in rows)


def closures_of_year(year: int) -> list[tuple[dt.date, str]]:
    """Days inside those terms on which nobody is expected: three INSET days and the early May bank holiday."""
    _autumn, spring, summer = terms_of_year(year)
    return [
        (weekday_until(dt.date(year, 11, 30), 4), "INSET day"),
        (spring.starts_on, "INSET day"),
        (weekday_from(dt.date(year + 1, 5, 1), 0), "Early May bank holiday"),
        (summer.break_ends_on + 3 * DAY, "INSET day"),
    ]


@dataclass(frozen=True)
class Calendar:
    """The two academic years around a date, and its last two terms as days and weeks.

    Stories are told in school weeks before the last school day: week 0 is its own, week 1 the school week before.
    """

    today: dt.date
    terms: list[TermDates]
    closures: list[tuple[dt.date, str]]
    before: TermDates
    current: TermDates
    days: list[dt.date] = field(repr=False)

    @cached_property
    def last_day(self) -> dt.date:
        return self.days[-1]

    @cached_property
    def index(self) -> dict[dt.date, int]:
        """school day → its place in `days`."""
        return {day: n for n, day in enumerate(self.days)}

    @cached_property
    def weeks(self) -> list[list[dt.date]]:
        """The school days week by week, the latest week first."""
        found: dict[dt.date, list[dt.date]] = {}
        for day in self.days:
            found.setdefault(weekday_until(day, 0), []).append(day)
        return [found[monday] for monday in sorted(found, reverse=True)]

    @cached_property
    def weeks_ago(self) -> list[int]:
        """For each of `days`, how many school weeks it lies back."""
        back = {day: n for n, week in enumerate(self.weeks) for day in week}
        return [back[day] for day in self.days]

    @cached_property
    def year_starts_on(self) -> dt.date:
        return self.first_day_of_year(self.current.year)

    @cached_property
    def year_index(self) -> int:
        """The place among `days` of this academic year's first one; 0 when both terms are of the same year."""
        return next(n for n, day in enumerate(self.days) if day >= self.year_starts_on)

    def first_day_of_year(self, year: int) -> dt.date:
        """First day of term of that academic year, whether or not it is in this calendar."""
        return terms_of_year(year)[0].starts_on

    def term_of(self, day: dt.date) -> TermDates:
        """Which of the last two terms the day belongs to."""
        return self.current if day >= self.current.starts_on else self.before

    def drops(self) -> list[tuple[TermDates, dt.date]]:
        """The last two data drops that have closed, earlier first, each with its term and day."""
        closed = [
            (term, term.starts_on + DROP_AFTER) for term in self.terms if term.starts_on + DROP_AFTER <= self.last_day
        ]
        return closed[-2:]

    def school_day_until(self, day: dt.date) -> dt.date:
        """The last school day on or before it, within the two terms told."""
        return next((d for d in reversed(self.days) if d <= day), self.days[0])

    def school_day_from(self, day: dt.date) -> dt.date:
        """The first day on or after it that is in term, for things that are still to come."""
        shut = {date for date, _reason in self.closures}
        while day.weekday() > 4 or day in shut or not any(term.has(day) for term in self.terms):
            day += DAY
            if day > self.terms[-1].ends_on:
                break
        return day


def calendar_around(today: dt.date) -> Calendar:
    """The calendar whose last two terms are the one holding the last school day up to `today`, and the one before."""
    newest = today.year if today.month >= 9 else today.year - 1
    years = range(newest - 2, newest + 2)
    terms = [term for year in years for term in terms_of_year(year)]
    closures = [closure for year in years for closure in closures_of_year(year)]
    shut = {date for date, _reason in closures}

    def school_days(term: TermDates) -> list[dt.date]:
        days = (term.starts_on + n * DAY for n in range((term.ends_on - term.starts_on).days + 1))
        return [d for d in days if d.weekday() < 5 and d <= today and d not in shut and term.has(d)]

    with_days = [(term, days) for term in terms if (days := school_days(term))]
    (before, earlier), (current, later) = with_days[-2:]
    # Pages that show last year's dates need that year whole; next year's dates are published as well.
    kept = [term for term in terms if before.year - 1 <= term.year <= current.year + 1]
    kept_closures = [c for c in closures if kept[0].starts_on <= c[0] <= kept[-1].ends_on]
    return Calendar(today, kept, kept_closures, before, current, earlier + later)
