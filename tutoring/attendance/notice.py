"""The national threshold for a penalty notice, and the five school days in which an N must be settled.

Rules: School Attendance (Pupil Registration) (England) Regulations 2024, reg 10(7)-(9); DfE national framework 2024.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tutoring.attendance.codes import NOTICE_CODES
from tutoring.attendance.enums import StatClass
from tutoring.attendance.meaning import class_of

THRESHOLD = 10  # sessions of unauthorised absence, any mix of G, N, O and U
WINDOW = 10  # school weeks; weeks without a school session do not count
SCHOOL_DAYS_FOR_A_REASON = 5


@dataclass(frozen=True, order=True)
class Seen:
    """One mark as the arithmetic needs it."""

    date: dt.date
    session: str
    code: str

    @property
    def week(self) -> dt.date:
        return self.date - dt.timedelta(days=self.date.weekday())


@dataclass(frozen=True)
class Window:
    """Up to ten school weeks and the unauthorised sessions in them."""

    first_week: dt.date
    last_week: dt.date
    sessions: tuple[Seen, ...]

    @property
    def met(self) -> bool:
        """The school must consider a notice; it is never automatic, and support comes first."""
        return len(self.sessions) >= THRESHOLD

    @property
    def left(self) -> int:
        """How many more would meet the threshold."""
        return max(0, THRESHOLD - len(self.sessions))


def school_weeks(marks: Iterable[Seen]) -> list[dt.date]:
    """Mondays of the weeks with at least one school session: a week of # (or Z) alone is not one."""
    held = {m.week for m in marks if class_of(m.code, m.date) not in (StatClass.NOT_COLLECTED, None)}
    return sorted(held)


def latest_window(marks: Sequence[Seen]) -> Window | None:
    """The window that ends with the latest school week; None without marks."""
    weeks = school_weeks(marks)
    return _window(marks, weeks[-WINDOW:]) if weeks else None


def first_window_met(marks: Sequence[Seen]) -> Window | None:
    """The earliest window in which the threshold was met, over holidays, terms and years; None if never."""
    weeks = school_weeks(marks)
    windows = (_window(marks, weeks[max(0, end - WINDOW) : end]) for end in range(1, len(weeks) + 1))
    return next((w for w in windows if w.met), None)


def _window(marks: Iterable[Seen], weeks: Sequence[dt.date]) -> Window:
    inside = set(weeks)
    counted = sorted(m for m in marks if m.code in NOTICE_CODES and m.week in inside)
    return Window(first_week=weeks[0], last_week=weeks[-1], sessions=tuple(counted))


def reason_due(absent_on: dt.date, school_days: Iterable[dt.date]) -> dt.date | None:
    """Last day to replace an N: the fifth school day after it (not working day). None if the calendar ends before."""
    after = sorted(d for d in school_days if d > absent_on)
    return after[SCHOOL_DAYS_FOR_A_REASON - 1] if len(after) >= SCHOOL_DAYS_FOR_A_REASON else None


def of_compulsory_age(born: dt.date, on: dt.date) -> bool:
    """Until the last Friday in June of the school year in which the child turns 16."""
    sixteen_in = born.year + 16 + (1 if born.month >= 9 else 0)
    end = dt.date(sixteen_in, 6, 30)
    return on <= end - dt.timedelta(days=(end.weekday() - 4) % 7)
