"""What one's own conversations, visits and meetings take in minutes: by sort, kind and week, of two terms.

Nobody else sees it, and no page compares anybody with it (duty 21).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from accounts.models import School
from students.models import Term
from students.selectors import school_days, terms_of
from tutoring.attendance.selectors import monday_of
from tutoring.sessions.enums import HOME_KINDS, Kind

# A week, for planning, preparation and meeting parents (duty 21).
BESIDE = 120
WITH_STUDENTS, WITH_FAMILIES, PLANNING = "With students", "With families", "Planning and meetings"
SORTS = (WITH_STUDENTS, WITH_FAMILIES, PLANNING)
_PLANNING = {Kind.NOTE, Kind.MEETING, Kind.AGENCY}

# What of one's own time stands in rooms above: each announces a SELECT of day, kind, name and minutes in its AppConfig,
# which reads those of whoever acts alone, and of none that was logged as a conversation too. All are asked in one
# statement, with `since`, `until` and `zone` (the school's) as named values.
SOURCES = ["SELECT held_on, kind, name, minutes FROM guard.own_time(%(since)s, %(until)s)"]


@dataclass(frozen=True)
class Held:
    """One conversation, visit, or meeting with several students: counted once, however many it is written down for."""

    day: dt.date
    kind: str
    name: str
    minutes: int | None

    @property
    def sort(self) -> str:
        if self.kind in HOME_KINDS:
            return WITH_FAMILIES
        return PLANNING if self.kind in _PLANNING else WITH_STUDENTS


@dataclass
class Sum:
    """What some of them come to; `unsaid`: how many say no minutes."""

    name: str
    held: list[Held] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(one.minutes or 0 for one in self.held)

    @property
    def unsaid(self) -> int:
        return sum(not one.minutes for one in self.held)

    @property
    def time(self) -> str:
        return in_hours(self.minutes)

    def of(self, sort: str) -> "Sum":
        return Sum(sort, [one for one in self.held if one.sort == sort])


@dataclass
class Week(Sum):
    """The week from that Monday on."""

    monday: dt.date = dt.date.min

    @property
    def cells(self) -> list[Sum]:
        return [self.of(sort) for sort in SORTS]


@dataclass
class TermTime(Sum):
    """One term, its weeks (those with school until today, and any other in which there was something)."""

    weeks: list[Week] = field(default_factory=list)
    school_weeks: int = 0

    @property
    def sorts(self) -> list[Sum]:
        return [self.of(sort) for sort in SORTS]

    @property
    def kinds(self) -> list[Sum]:
        """By kind, in the school's words, in the order of the alphabet."""
        return [Sum(name, [h for h in self.held if h.name == name]) for name in sorted({h.name for h in self.held})]

    @property
    def beside(self) -> Sum:
        """What the two hours a week are meant for."""
        return Sum("", [one for one in self.held if one.sort != WITH_STUDENTS])

    @property
    def allowance(self) -> str:
        return in_hours(self.school_weeks * BESIDE)

    @property
    def beside_a_week(self) -> str:
        return in_hours(round(self.beside.minutes / self.school_weeks)) if self.school_weeks else ""


def my_time(school: School, today: dt.date | None = None) -> list[TermTime]:
    """This term and the one before, the later first, of whoever acts; empty before the first: four queries."""
    day = today or timezone.localdate()
    terms = list(terms_of(school).filter(starts_on__lte=day).order_by("-starts_on")[:2])
    if not terms:
        return []
    held = held_by_me(terms[-1].starts_on, day)
    days = school_days(school, terms[-1].starts_on, day)
    return [_term(term, held, days) for term in terms]


def held_by_me(since: dt.date, until: dt.date) -> list[Held]:
    """What whoever acts wrote down of those days, each meeting once; also of students whom they no longer see.

    PostgreSQL says who acts: there is no way to ask for somebody else. One statement, whatever rooms announce.
    """
    asked: dict[str, dt.date | str] = {"since": since, "until": until, "zone": timezone.get_current_timezone_name()}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(SOURCES), asked)
        return sorted((Held(*row) for row in cursor.fetchall()), key=lambda one: one.day)


def _term(term: Term, held: Iterable[Held], days: list[dt.date]) -> TermTime:
    within = [one for one in held if term.starts_on <= one.day <= term.ends_on]
    at_school = {monday_of(day) for day in days if term.starts_on <= day <= term.ends_on}
    mondays = sorted(at_school | {monday_of(one.day) for one in within}, reverse=True)
    weeks = [Week("", [one for one in within if monday_of(one.day) == monday], monday) for monday in mondays]
    return TermTime(str(term), within, weeks, len(at_school))


def in_hours(minutes: int) -> str:
    """As "45 min", "2 h", "2 h 5 min"."""
    hours, rest = divmod(minutes, 60)
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{rest} min"] if rest or not hours else [])])
