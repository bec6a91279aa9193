"""Planner checks of the invented school once a fortnight, and some rewards and sanctions entered in Waymark itself."""

import datetime as dt

from exchange.demo_school.people import Group, Pupil
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
