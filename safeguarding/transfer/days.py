"""By when a file is there. "5 days" is not qualified in KCSIE, so both readings are worked out; the earlier is due."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from accounts.models import School
from safeguarding.transfer.enums import Basis
from students.selectors import school_days, term_on, terms_of

DAYS = 5
# Five school days are never further off than this: the longest holidays are six weeks.
FURTHEST = dt.timedelta(days=80)


@dataclass(frozen=True)
class Due:
    """Both readings of "5 days". `school_on` is None where the school's calendar does not reach so far."""

    basis: Basis
    calendar_on: dt.date
    school_on: dt.date | None

    @property
    def on(self) -> dt.date:
        return min(self.calendar_on, self.school_on or self.calendar_on)


def basis_of(school: School, left_on: dt.date) -> Basis:
    """A new term where the last day here was a term's last, or fell in the holidays; else in-year."""
    term = term_on(school, left_on)
    between = term is None or left_on == term.ends_on
    return Basis.NEW_TERM if between and next_term_start(school, left_on) else Basis.IN_YEAR


def next_term_start(school: School, day: dt.date) -> dt.date | None:
    """The first day of the term after that day, where the calendar knows it."""
    return terms_of(school).filter(starts_on__gt=day).values_list("starts_on", flat=True).first()


def due_of(school: School, left_on: dt.date, basis: Basis | None = None) -> Due:
    """`basis`: as a lead says it is; else as the calendar does."""
    basis = basis or basis_of(school, left_on)
    start = next_term_start(school, left_on) if basis == Basis.NEW_TERM else None
    if start is None:
        expected = school_days(school, left_on + dt.timedelta(days=1), left_on + FURTHEST)
        return Due(Basis.IN_YEAR, left_on + dt.timedelta(days=DAYS), _fifth(expected))
    return Due(
        Basis.NEW_TERM, start + dt.timedelta(days=DAYS - 1), _fifth(school_days(school, start, start + FURTHEST))
    )


def receipt_expected_by(sent: dt.date) -> dt.date:
    """Then somebody asks after it."""
    return sent + dt.timedelta(days=DAYS)


def _fifth(days: list[dt.date]) -> dt.date | None:
    return days[DAYS - 1] if len(days) >= DAYS else None


class DueDays:
    """For a list: children leave on few different days."""

    def __init__(self, school: School) -> None:
        self.of = cache(lambda left_on: due_of(school, left_on))
