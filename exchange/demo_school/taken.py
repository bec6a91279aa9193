"""Registers of the invented school taken in Waymark: those of the last school day; today's are still to be taken."""

import datetime as dt

from django.utils import timezone

from exchange.demo_school.marks import Register as Told
from exchange.demo_school.people import Group, Pupil
from exchange.demo_school.records import Frame
from exchange.demo_school.school_year import Calendar
from tutoring.attendance.models import Register, RegisterEntry

# When each session's register is taken, by its place in the day.
AT = (("AM", dt.time(8, 41)), ("PM", dt.time(13, 34)))
LATE = frozenset({"L", "U"})


def sessions_told(calendar: Calendar) -> int:
    """How many sessions have marks: of today nobody has been marked yet."""
    days = len(calendar.days) - (calendar.last_day == calendar.today)
    return 2 * days


def add_registers(frame: Frame, group: Group) -> None:
    """Both of the last day told."""
    day = _day(frame)
    for half, (session, at) in enumerate(AT):
        key = frame.taken[group.id, half] = frame.keys.new()
        frame.tables.add(
            Register, id=key, group_id=group.id, day=day, session=session, by_id=group.tutor.id,
            submission=frame.keys.new(), created_at=_moment(day, at),
        )  # fmt: skip


def add_entries(frame: Frame, pupil: Pupil, told: Told) -> None:
    """What their tutor said of one pupil; of some who were ill, home rang the office only afterwards."""
    day = _day(frame)
    first = 2 * frame.calendar.index[day]
    for half, (_session, at) in enumerate(AT):
        if not told.first <= first + half < told.end:
            continue
        code, minutes, _comment = told.marks.get(first + half, ("/\\"[half], None, ""))
        code = "N" if code == "I" and pupil.number % 4 == 1 else code
        frame.tables.add(
            RegisterEntry, id=frame.keys.new(), register_id=frame.taken[pupil.group.id, half], student_id=pupil.id,
            by_id=pupil.group.tutor.id, code=code, minutes_late=minutes if code in LATE else None,
            created_at=_moment(day, at),
        )  # fmt: skip


def _day(frame: Frame) -> dt.date:
    return frame.calendar.days[sessions_told(frame.calendar) // 2 - 1]


def _moment(day: dt.date, at: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, at))
