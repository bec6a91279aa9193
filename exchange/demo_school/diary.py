"""The tutors' diaries: a time a day given, recent 1:1s held in them, a few missed or refused, some booked ahead."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from accounts.enums import Role
from exchange.demo_school.conversations import Conversation
from exchange.demo_school.people import Colleague, Group, Pupil
from exchange.demo_school.records import Frame
from exchange.demo_school.school_year import Calendar
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment, Slot

TIMES = (dt.time(8, 35), dt.time(13, 5))
# One after another on a day on which a tutor saw several; what is ahead keeps to the times that are given.
OTHER_TIMES = (dt.time(10, 50), dt.time(12, 45), dt.time(15, 20), dt.time(15, 40), dt.time(16, 0), dt.time(16, 20))
TOLD = dt.timedelta(weeks=6)
AHEAD = dt.timedelta(weeks=3)
MOST = 4  # so many are booked in a tutor's diary: others are still to be seen, and to be booked
# One pupil in so many did not come lately, or did not want to.
MISSED, REFUSED = 14, 45
AGAIN = 5  # seen already, and booked once more: every tutor's diary has something to come
SMALL = 3  # so many in each of the two small groups
WHY_MISSED = ("Absent from school", "Forgot; sent a note to form", "On the geography trip", "In a detention, not told")
WHY_REFUSED = ("Did not want to talk today", "Asked to wait until after mocks", "Wanted to stay with friends at break")


@dataclass(frozen=True)
class Joined:
    """A small group: with whom, on which school day from tomorrow, when and where."""

    staff: Colleague
    ahead: int
    at: dt.time
    room: str


def add_slots(frame: Frame, group: Group) -> None:
    """The times of the week that the group's tutor gives."""
    for weekday, time in _given(group).items():
        frame.tables.add(
            Slot, id=frame.keys.new(), staff_id=group.tutor.id, weekday=weekday, starts_at=time,
            room=f"Room {group.tutor.room}", starts_on=frame.calendar.year_starts_on,
        )  # fmt: skip


def _given(group: Group) -> dict[int, dt.time]:
    """Before school and at lunch by turns: Monday is 0."""
    return {weekday: TIMES[(group.year + group.position + weekday) % 2] for weekday in range(5)}


def add_appointments(frame: Frame, pupil: Pupil, conversations: list[Conversation]) -> None:
    """What this pupil's tutor had and has in the diary with them; its chance is its own, so nothing else shifts."""
    if pupil.left_on:
        return
    calendar, tutor = frame.calendar, pupil.group.tutor
    chance = random.Random(f"diary {pupil.number}")
    talks = [c for c in conversations if c.author is tutor and c.scene.kind == "one_to_one"]
    for talk in talks:
        if talk.day >= calendar.today - TOLD:
            _add(frame, pupil, talk.day, state=State.HELD, session_id=talk.id)
    if pupil.number % MISSED == 3:
        day = chance.choice(calendar.days[-20:])
        _add(frame, pupil, day, state=State.MISSED, reason=chance.choice(WHY_MISSED))
    if pupil.number % REFUSED == 7:
        day = chance.choice(calendar.days[-20:])
        _add(frame, pupil, day, state=State.REFUSED, reason=chance.choice(WHY_REFUSED))
    seen = any(talk.day >= calendar.current.starts_on for talk in talks)
    if not seen or pupil.number % AGAIN == 1:
        ahead = next(_coming(frame, pupil.group), None)
        if ahead:
            day, time = ahead
            _add(frame, pupil, day, time, state=State.BOOKED)


def add_small_groups(frame: Frame, pupil: Pupil) -> None:
    """One of a tutor’s own, one of the SENCO’s from several tutor groups; with keys of their own, and no chance."""
    if pupil.left_on:
        return
    tutor, senco = frame.staff.first(Role.TUTOR), frame.staff.first(Role.SENCO)
    if pupil.group.tutor is tutor:
        _join(frame, pupil, Joined(tutor, 1, dt.time(12, 40), "Library"))
    elif pupil.sen and pupil.group.id not in frame.joined:
        frame.joined[pupil.group.id] = _join(frame, pupil, Joined(senco, 2, dt.time(10, 50), "Room H1"))


def _join(frame: Frame, pupil: Pupil, small: Joined) -> int:
    key, days = uuid.uuid5(small.staff.id, "small group"), _school_days_ahead(frame.calendar)
    there = frame.joined.get(key, 0)
    if there < SMALL and small.ahead < len(days):  # none in the long holidays
        frame.joined[key], day = there + 1, days[small.ahead]
        frame.tables.add(
            Appointment, id=uuid.uuid5(key, str(there)), student_id=pupil.id, staff_id=small.staff.id, together=key,
            made_by_id=small.staff.id, day=day, starts_at=small.at, minutes=30, room=small.room, kind="small_group",
        )  # fmt: skip
    return there


def _add(frame: Frame, pupil: Pupil, day: dt.date, time: dt.time | None = None, **values: Any) -> None:
    tutor = pupil.group.tutor
    time = time or _free_time(frame, pupil.group, day)
    frame.tables.add(
        Appointment, id=frame.keys.new(), student_id=pupil.id, staff_id=tutor.id, made_by_id=tutor.id, day=day,
        starts_at=time, room=f"Room {tutor.room}", **values,
    )  # fmt: skip


def _free_time(frame: Frame, group: Group, day: dt.date) -> dt.time:
    """The first time of a past day at which the tutor saw nobody yet."""
    given = _given(group)[day.weekday()]
    nth = frame.seen[group.tutor.id, day]
    frame.seen[group.tutor.id, day] += 1
    return (given, *OTHER_TIMES)[nth % (len(OTHER_TIMES) + 1)]


def _coming(frame: Frame, group: Group) -> Iterator[tuple[dt.date, dt.time]]:
    """The tutor's times still to come and not given to a pupil yet."""
    if group.tutor.id not in frame.coming:
        given = _given(group)
        days = _school_days_ahead(frame.calendar)
        frame.coming[group.tutor.id] = islice(((day, given[day.weekday()]) for day in days), MOST)
    return frame.coming[group.tutor.id]


def _school_days_ahead(calendar: Calendar) -> list[dt.date]:
    days = (calendar.today + dt.timedelta(days=n) for n in range(1, AHEAD.days + 1))
    return [day for day in days if calendar.school_day_from(day) == day]
