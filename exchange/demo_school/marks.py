"""One pupil's register as it is told: only what differs from plain present, by position.

Positions count sessions, two a school day, from the first day of the calendar.
"""

from dataclasses import dataclass, field

from exchange.demo_school.school_year import Calendar
from exchange.demo_school.stories import WEEKDAYS

ABSENT = frozenset({"I", "M", "C", "C1", "C2", "E", "J1", "S", "T", "R", "G", "N", "O", "U"})
NOT_POSSIBLE = frozenset({"D", "X", "Q", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"})
Mark = tuple[str, int | None, str]


@dataclass(slots=True)
class Register:
    """A pupil's sessions from `first` up to but not including `end`; `marks` has those that are not plain present."""

    first: int
    end: int
    marks: dict[int, Mark] = field(default_factory=dict)

    def put(self, position: int, code: str, minutes: int | None = None, comment: str = "") -> None:
        """Write over whatever stood there, if the pupil was on roll."""
        if self.first <= position < self.end:
            self.marks[position] = (code, minutes, comment)

    def put_day(self, day: int, code: str, comment: str = "") -> None:
        self.put(2 * day, code, None, comment)
        self.put(2 * day + 1, code)

    def code(self, position: int) -> str:
        return self.marks[position][0] if position in self.marks else "/\\"[position % 2]

    def figure(self, start: int, end: int) -> tuple[int, int]:
        """(possible, missed) sessions from start up to but not including end."""
        start, end = max(start, self.first), min(end, self.end)
        possible, missed = max(0, end - start), 0
        for position, (code, _minutes, _comment) in self.marks.items():
            if start <= position < end:
                possible -= code in NOT_POSSIBLE
                missed += code in ABSENT
        return possible, missed

    def missed_share(self) -> float:
        """What part of all sessions was missed, study leave aside."""
        possible, missed = self.figure(self.first, self.end)
        leave = self.count("S", self.first, self.end)
        return (missed - leave) / (possible - leave) if possible > leave else 0.0

    def count(self, codes: str, start: int, end: int) -> int:
        """How many sessions in that stretch carry one of these one-letter codes."""
        return sum(start <= position < end and mark[0] in codes for position, mark in self.marks.items())


def day_in_week(calendar: Calendar, week: int, weekday: str) -> int | None:
    """The place in the calendar of a weekday so many school weeks ago; None when it was no school day."""
    if week >= len(calendar.weeks):
        return None
    wanted = WEEKDAYS.index(weekday)
    return next((calendar.index[day] for day in calendar.weeks[week] if day.weekday() == wanted), None)


def write_line(register: Register, line: str, calendar: Calendar) -> None:
    """A line of a story: weeks ago, weekday, AM, PM or DAY, code, then minutes late and a comment if any."""
    week, weekday, session, code, *rest = line.split(" ", 4)
    day = day_in_week(calendar, int(week), weekday)
    if day is None:
        return
    text = rest[0] if rest else ""
    minutes, _, comment = text.partition(" ") if text[:1].isdigit() else ("", "", text)
    if session == "DAY":
        for half in (0, 1):
            _write(register, 2 * day + half, code, minutes, comment if half == 0 else "")
    else:
        _write(register, 2 * day + (session == "PM"), code, minutes, comment)


def _write(register: Register, position: int, code: str, minutes: str, comment: str) -> None:
    if code == "/":
        register.marks.pop(position, None)
    else:
        register.put(position, code, int(minutes) if minutes else None, comment)
