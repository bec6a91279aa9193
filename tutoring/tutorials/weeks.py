"""The school year as tutorials count it: terms, school days, and the weeks of each term by number."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from accounts.models import School
from students.models import Term
from students.selectors import school_days, terms_of
from tutoring.tutorials.models import Series


@dataclass(frozen=True)
class Week:
    """A week with at least one school day: its number in the term, and its Monday."""

    term: Term
    number: int
    monday: dt.date

    @property
    def words(self) -> str:
        """ "16 November"."""
        return f"{self.monday.day} {self.monday:%B}"


@dataclass
class SchoolYear:
    """One academic year of a school: its terms, and the days on which students are expected."""

    year: int
    terms: list[Term] = field(default_factory=list)
    days: list[dt.date] = field(default_factory=list)

    @property
    def label(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02d}"

    @property
    def ends_on(self) -> dt.date | None:
        return self.terms[-1].ends_on if self.terms else None

    @cached_property
    def weeks(self) -> list[Week]:
        """All weeks, earliest first; numbers begin at 1 in each term. Half term has no school day, so no number."""
        found = []
        for term in self.terms:
            days = (day for day in self.days if term.starts_on <= day <= term.ends_on)
            mondays = sorted({day - dt.timedelta(days=day.weekday()) for day in days})
            found += [Week(term, number, monday) for number, monday in enumerate(mondays, start=1)]
        return found

    def week_of(self, day: dt.date) -> Week | None:
        """The week that day lies in; None in the holidays."""
        monday = day - dt.timedelta(days=day.weekday())
        same = [week for week in self.weeks if week.monday == monday]
        return next((week for week in same if week.term.starts_on <= day <= week.term.ends_on), None)

    def meets_on(self, series: Series) -> list[dt.date]:
        """The days of this year on which a group's tutorial meets."""
        return [
            day for day in self.days if day.weekday() == series.weekday and series.starts_on <= day <= series.ends_on
        ]


def school_year(school: School, on: dt.date, year: int | None = None) -> SchoolYear:
    """The academic year around that day, or the one named; in three queries."""
    terms = list(terms_of(school).order_by("starts_on"))
    if year is None:
        begun = [term for term in terms if term.starts_on <= on] or terms[:1]
        year = begun[-1].year if begun else (on.year if on.month >= 9 else on.year - 1)
    own = [term for term in terms if term.year == year]
    days = school_days(school, own[0].starts_on, own[-1].ends_on) if own else []
    return SchoolYear(year, own, days)
