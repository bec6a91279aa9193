"""Home visits of the invented school: from each group one planned for a day to come, and one back, the child seen."""

import datetime as dt
from typing import Any

from django.utils import timezone

from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from tutoring.visits.enums import Seen
from tutoring.visits.models import HomeVisit

LEAVES, OUT, BACK_BY, BACK = dt.time(15, 30), dt.time(15, 34), dt.time(16, 30), dt.time(16, 21)
DOG = "A large dog in the yard: ring from the pavement, they bring it in."
WHY = "Three Mondays missed. Meet them at home, hear what is in the way, and agree what helps."


def add_visit(frame: Frame, pupil: Pupil) -> None:
    """The first of each group is to be visited, the second was; the tutor goes, a leader of the house is told."""
    before = frame.visited.get(pupil.group.id, 0)
    tutor, leaders = pupil.group.tutor, pupil.house.leaders
    if pupil.left_on or before >= 2 or tutor in leaders:
        return
    frame.visited[pupil.group.id] = before + 1
    calendar = frame.calendar
    if before:
        day = calendar.days[-4]
        how: dict[str, Any] = {
            "out_at": _at(day, OUT), "back_at": _at(day, BACK), "child_seen": Seen.YES.value,
            "who_was_there": "Grandmother, later the mother",
        }  # fmt: skip
    else:
        day, how = calendar.school_day_from(calendar.today + dt.timedelta(days=2)), {}
    frame.tables.add(
        HomeVisit, id=frame.keys.new(), student_id=pupil.id, visitor_id=tutor.id,
        companion_id=leaders[1].id if before and len(leaders) > 1 else None, told_id=leaders[0].id,
        submission=frame.keys.new(), leaves_at=_at(day, LEAVES), back_by=_at(day, BACK_BY),
        known_risk=not before, known_risk_note="" if before else DOG, somebody_knows=True,
        somebody_knows_note=f"{leaders[0].title} {leaders[0].last_name}", phone_charged=True, note=WHY,
        created_at=_at(calendar.days[-5], OUT), **how,
    )  # fmt: skip


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time))
