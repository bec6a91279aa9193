"""Planner checks of the invented school once a fortnight, and some rewards and sanctions entered in Waymark itself."""

import datetime as dt
from typing import Any

from core.ids import UUID
from exchange.demo_school.people import Group, House, Pupil
from exchange.demo_school.records import Frame
from tutoring.conduct.models import ConductEntry, ConductType, PlannerCheck, PlannerException

CHECKS, GAP = 4, dt.timedelta(days=14)
ISSUES = ("not_signed", "not_signed", "not_filled", "not_seen", "lost")
# Of each group the first pupils get one each: name of the type, school days ago, words, what came of it.
ENTRIES = (
    ("Kindness to others", 1, "Sat with somebody who was alone at lunch.", ""),
    ("Much improved", 3, "In on time all week.", ""),
    ("Break-time detention", 6, "Phone out in the lesson again.", ""),
    ("Break-time detention", 9, "Talked through the silent reading.", "Said sorry and sat at the front today."),
)
# Of each house in turn: kind, name, points, what it is for, whether it is shared.
OF_HOUSES = (
    ("positive", "House thanks", 3, "Something done for the house that nobody asked for.", False),
    ("positive", "Reader of the week", 2, "Finished a book and told the group about it.", True),
    ("negative", "Lunch in the house room", 2, "For trouble at lunch: a week of lunches near a member of staff.", True),
    ("positive", "First in line", 1, "The whole group on time and ready, five days running.", True),
)


def add_house_types(frame: Frame, houses: list[House]) -> None:
    """One for each house; the last one has made its own what the second shares."""
    made = []
    for house, (kind, name, points, meaning, shared) in zip(houses, OF_HOUSES, strict=False):
        made.append(frame.keys.new())
        _add_type(frame, house, made[-1], kind=kind, name=name, points=points, meaning=meaning, shared=shared)
    if len(made) > 2:
        kind, name, _, meaning, _ = OF_HOUSES[1]
        _add_type(
            frame, houses[len(made) - 1], frame.keys.new(), kind=kind, name=name, points=3, meaning=meaning,
            shared=False, copied_from_id=made[1],
        )  # fmt: skip


def _add_type(frame: Frame, house: House, key: UUID, **said: Any) -> None:
    frame.tables.add(ConductType, id=key, school_id=frame.school, house_id=house.id, **said)


def add_checks(frame: Frame, group: Group) -> None:
    """The last ones a fortnight apart; the latest is just over a fortnight old in every second group, so it is due."""
    calendar = frame.calendar
    day = calendar.last_day - dt.timedelta(days=16 if group.position % 2 else 5)
    for _ in range(CHECKS):
        held = calendar.school_day_until(day)
        if held < calendar.current.starts_on:
            break
        key = frame.keys.new()
        frame.tables.add(
            PlannerCheck, id=key, group_id=group.id, day=held, by_id=group.tutor.id, submission=frame.keys.new()
        )
        frame.checks.setdefault(group.id, []).append(key)
        day = held - GAP


def add_conduct(frame: Frame, pupil: Pupil) -> None:
    """The first pupils of a group: entries of their tutor; every ninth pupil has trouble with the planner."""
    if pupil.left_on:
        return
    place = frame.entered.get(pupil.group.id, 0)
    frame.entered[pupil.group.id] = place + 1
    if place < len(ENTRIES):
        _add_entry(frame, pupil, place)
    checks = frame.checks.get(pupil.group.id, [])
    # The fifth pupil of a group: every time. Others once in a while.
    found = checks if place == 4 else [key for key in checks if pupil.chance.random() < 0.06]
    for key in found:
        issue = "not_signed" if place == 4 else pupil.chance.choice(ISSUES)
        frame.tables.add(
            PlannerException, id=frame.keys.new(), check_of_id=key, student_id=pupil.id, issue=issue,
            words="at home" if issue == "not_seen" else "",
        )  # fmt: skip


def _add_entry(frame: Frame, pupil: Pupil, place: int) -> None:
    name, ago, words, outcome = ENTRIES[place]
    kind = _types(frame)[name]
    day = frame.calendar.days[-ago]
    follow_up = day + dt.timedelta(days=kind.follow_up_days) if kind.follow_up_days else None
    frame.tables.add(
        ConductEntry, id=frame.keys.new(), student_id=pupil.id, type_id=kind.pk, author_id=pupil.group.tutor.id,
        submission=frame.keys.new(), day=day, comment=words, follow_up_on=follow_up,
        followed_up_on=follow_up if outcome else None, follow_up_words=outcome,
    )  # fmt: skip


def _types(frame: Frame) -> dict[str, ConductType]:
    """What came with the school."""
    if not frame.conduct:
        frame.conduct = {kind.name: kind for kind in ConductType.objects.filter(school=frame.school)}
    return frame.conduct
