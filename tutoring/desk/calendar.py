"""What the school's calendar says about a day: term, half term, school weeks, how much is left."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from accounts.models import School
from students.models import Closure, Term
from students.selectors import terms_of


def monday_of(day: dt.date) -> dt.date:
    """The Monday of that day's week."""
    return day - dt.timedelta(days=day.weekday())


@dataclass(frozen=True)
class Calendar:
    """All terms and closures of one school around `today`; read once, asked often."""

    today: dt.date
    terms: tuple[Term, ...]
    closures: dict[dt.date, str]

    @cached_property
    def term(self) -> Term | None:
        """The term today falls in, or the last one that had begun."""
        begun = [t for t in self.terms if t.starts_on <= self.today]
        return begun[-1] if begun else None

    @cached_property
    def year_start(self) -> dt.date:
        """First day of the academic year; 1 September where the calendar does not say."""
        if self.term:
            return min(t.starts_on for t in self.terms if t.year == self.term.year)
        return dt.date(self.today.year if self.today.month >= 9 else self.today.year - 1, 9, 1)

    @property
    def year_ago(self) -> dt.date:
        """How far back "last 1:1" looks."""
        return self.today - dt.timedelta(days=365)

    @cached_property
    def term_start(self) -> dt.date:
        return self.term.starts_on if self.term else self.year_start

    @cached_property
    def half_term_start(self) -> dt.date:
        """First day of the half term that today falls in, or the last one that had begun."""
        broken = self.term.break_ends_on if self.term else None
        if broken and broken < self.today:
            return broken + dt.timedelta(days=1)
        return self.term_start

    def is_school_day(self, day: dt.date) -> bool:
        """Are students expected?"""
        return day.weekday() < 5 and day not in self.closures and any(_in_session(t, day) for t in self.terms)

    @cached_property
    def last_school_day(self) -> dt.date | None:
        """Today if it is one, otherwise the one before."""
        return self._nearest(-1, self.today)

    @cached_property
    def next_school_day(self) -> dt.date | None:
        """The first school day after today, as far as the calendar goes."""
        return self._nearest(1, self.today + dt.timedelta(days=1))

    def _nearest(self, step: int, day: dt.date) -> dt.date | None:
        days = (day + dt.timedelta(days=step * n) for n in range(120))
        return next((d for d in days if self.is_school_day(d)), None)

    @cached_property
    def weeks_left(self) -> int:
        """School weeks of this term from today's on; the week we are in counts."""
        if not self.term or self.today > self.term.ends_on:
            return 0
        return len({monday_of(d) for d in self._days(self.today, self.term.ends_on)})

    def school_weeks_back(self, count: int) -> dt.date:
        """Monday of the earliest of the last `count` school weeks, this week included."""
        weeks = self._weeks_gone
        return weeks[-count:][0] if weeks else monday_of(self.today) - dt.timedelta(weeks=count - 1)

    @cached_property
    def _weeks_gone(self) -> list[dt.date]:
        """Mondays of the school weeks of the last thirty, the earliest first."""
        return sorted({monday_of(d) for d in self._days(self.today - dt.timedelta(weeks=30), self.today)})

    def school_days(self, start: dt.date, end: dt.date) -> list[dt.date]:
        """The school days from start to end, both included."""
        return self._days(start, end)

    def _days(self, start: dt.date, end: dt.date) -> list[dt.date]:
        near = replace(self, terms=tuple(t for t in self.terms if t.starts_on <= end and start <= t.ends_on))
        days = (start + dt.timedelta(days=n) for n in range((end - start).days + 1))
        return [d for d in days if near.is_school_day(d)]


def _in_session(term: Term, day: dt.date) -> bool:
    if not term.starts_on <= day <= term.ends_on:
        return False
    return not (term.break_starts_on and term.break_ends_on and term.break_starts_on <= day <= term.break_ends_on)


def calendar_of(school: School, today: dt.date) -> Calendar:
    """The school's calendar as seen from that day, in one query: closures come with the terms they lie in."""
    said = JSONBAgg(JSONObject(date="date", reason="reason"))
    closed = Closure.objects.filter(school=OuterRef("school")).values("school").annotate(said=said).values("said")
    terms = list(terms_of(school).annotate(closed=Subquery(closed)).order_by("starts_on"))
    closures = {dt.date.fromisoformat(day["date"]): day["reason"] for term in terms[:1] for day in term.closed or []}
    return Calendar(today=today, terms=tuple(terms), closures=closures)
