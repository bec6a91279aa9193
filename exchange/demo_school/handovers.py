"""Handovers of the invented school: in each group one was acknowledged, one waits, and one is being written."""

import datetime as dt
from typing import Any

from exchange.demo_school import bank
from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from tutoring.handover.models import Handover
from tutoring.handover.selectors import year_for

EACH = 3


def add_handover(frame: Frame, pupil: Pupil) -> None:
    """About the first pupils of each group: from the head of house to the tutor, and from the tutor on."""
    tutor, leader, turn = pupil.group.tutor, pupil.house.leaders[0], frame.handed.get(pupil.group.id, 0)
    if pupil.left_on or turn == EACH or tutor in pupil.house.leaders:
        return
    frame.handed[pupil.group.id] = turn + 1
    calendar = frame.calendar
    texts: list[dict[str, str]] = bank.read("handovers")["handover"]
    said = {name: text.format_map(pupil.words) for name, text in texts[pupil.chance.randrange(len(texts))].items()}
    first_thing = said.pop("first_thing")
    whole: dict[str, Any] = said | {"from_tutor_id": leader.id, "to_id": tutor.id, "handed_on": calendar.days[-8]}
    if turn == 0:
        done = calendar.school_day_from(calendar.days[-8] + dt.timedelta(days=2))
        whole |= {"acknowledged_on": min(done, calendar.days[-1]), "acknowledged_by_id": tutor.id}
        whole["first_thing"] = first_thing
    elif turn == 2:
        whole |= {"from_tutor_id": tutor.id, "to_id": None, "handed_on": None, "note": "", "go_to": ""}
    frame.tables.add(
        Handover, id=frame.keys.new(), student_id=pupil.id, year=year_for(calendar.days[-1]), **whole,
    )  # fmt: skip
