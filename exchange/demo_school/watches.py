"""Watching over in the invented school: in each group one who may leave, one who stayed; and those who are new."""

import datetime as dt

from exchange.demo_school.people import Pupil
from exchange.demo_school.records import NEW_WEEKS, Frame
from tutoring.watch.enums import Every, Kind, Outcome
from tutoring.watch.models import CheckIn, Watch

NOT_SETTLED = 3
WHY = (
    "Wants to work full time with an uncle; says school is over for them anyway.",
    "Looked at a college across the river. The bus takes an hour.",
)
LINES = ("Stayed for lunch, for once.", "Talked about the open evening; will come.", "")
FROM = ("Riverside Primary", "St Anne’s Primary", "Hill Top Primary")


def add_watch(frame: Frame, pupil: Pupil) -> None:
    """The second and third of each group may leave or might have; of whoever is new, all but the last few settled."""
    turn = frame.watched.get(pupil.group.id, 0)
    if pupil.left_on:
        return
    frame.watched[pupil.group.id] = turn + 1
    calendar = frame.calendar
    if turn in (1, 2) and pupil.year > 7:
        over = {"ended_on": calendar.days[-4], "ended_by_id": pupil.group.tutor.id, "outcome": Outcome.STAYING.value}
        key = _add(frame, pupil, Kind.LEAVING, calendar.days[-30], WHY[turn - 1], over if turn == 2 else {})
        for place, words in enumerate(LINES[: 1 + turn]):
            _look(frame, pupil, key, calendar.days[-28 + 10 * place], words)
    if pupil.joined_on >= calendar.today - dt.timedelta(weeks=NEW_WEEKS) and turn >= NOT_SETTLED:
        settled = {"ended_on": calendar.days[-9], "ended_by_id": pupil.group.tutor.id, "outcome": Outcome.SETTLED.value}
        settled["came_from"] = FROM[turn % len(FROM)]
        key = _add(frame, pupil, Kind.NEW, pupil.joined_on, "", settled)
        _look(frame, pupil, key, max(pupil.joined_on, calendar.days[-20]), "")


def _add(frame: Frame, pupil: Pupil, kind: Kind, since: dt.date, why: str, more: dict[str, object]) -> object:
    key, tutor = frame.keys.new(), pupil.group.tutor.id
    every = Every.WEEK if kind == Kind.NEW else Every.FORTNIGHT
    frame.tables.add(
        Watch, id=key, student_id=pupil.id, kind=kind.value, reason=why, who_id=tutor, made_by_id=tutor,
        every=every.value, started_on=since, **more,
    )  # fmt: skip
    return key


def _look(frame: Frame, pupil: Pupil, watch: object, day: dt.date, words: str) -> None:
    frame.tables.add(
        CheckIn, id=frame.keys.new(), watch_id=watch, student_id=pupil.id, by_id=pupil.group.tutor.id, day=day,
        words=words,
    )  # fmt: skip
