"""Alerts of the invented school: one in each group, from the tutor to the head of house; some wait for an answer."""

import datetime as dt
from typing import Any

from exchange.demo_school import bank
from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from tutoring.followup.models import Alert


def add_alert(frame: Frame, pupil: Pupil) -> None:
    """About the first pupil of each group."""
    if pupil.left_on or pupil.group.id in frame.alerted or pupil.group.tutor in pupil.house.leaders:
        return
    texts: list[dict[str, str]] = bank.read("alerts")["alert"]
    text = texts[len(frame.alerted) % len(texts)]  # in turn: a head of house reads several of them side by side
    frame.alerted.add(pupil.group.id)
    calendar, chance = frame.calendar, pupil.chance
    day = calendar.days[-chance.randint(2, 9)]
    answer: dict[str, Any] = {}
    if chance.random() < 0.5:
        answer = {"answer": text["answer"].format_map(pupil.words), "answered_on": calendar.days[-1]}
        answer["answered_by_id"] = pupil.house.leaders[0].id
    frame.tables.add(
        Alert, id=frame.keys.new(), student_id=pupil.id, raised_by_id=pupil.group.tutor.id,
        to_id=pupil.house.leaders[0].id, submission=frame.keys.new(), raised_on=day,
        what=text["what"].format_map(pupil.words), recommendation=text["recommendation"].format_map(pupil.words),
        answer_by=calendar.school_day_from(day + dt.timedelta(days=5)), **answer,
    )  # fmt: skip
