"""Warnings of the invented school: where sanctions pile up, one rung after another; most end by themselves."""

import datetime as dt
from typing import Any

from exchange.demo_school import bank
from exchange.demo_school.behaviour import Entry
from exchange.demo_school.people import Colleague, Pupil
from exchange.demo_school.records import Frame
from tutoring.followup.models import Warning, WarningStage
from tutoring.progress.enums import BehaviourKind

# The sanction of the year after which each rung is reached.
RUNGS = (9, 15, 22)
GAP = dt.timedelta(days=14)


def add_warnings(frame: Frame, pupil: Pupil, entries: list[Entry]) -> None:
    """By the sanctions of the year; in each group one pupil at least has the first rung."""
    if pupil.left_on:
        return
    since = frame.calendar.year_starts_on
    days = sorted(e.day for e in entries if e.kind == BehaviourKind.NEGATIVE and e.day >= since)
    reached = [days[count - 1] for count in RUNGS if len(days) >= count]
    if not reached and pupil.group.id not in frame.warned and len(days) >= 2:
        reached = [days[1]]
    last: dt.date | None = None
    for place, day in enumerate(reached):
        if last and day < last + GAP:
            continue
        frame.warned.add(pupil.group.id)
        _issue(frame, pupil, place, day)
        last = day


def _issue(frame: Frame, pupil: Pupil, place: int, day: dt.date) -> None:
    text, chance = bank.read("warnings"), pupil.chance
    stage = _ladder(frame)[place]
    issuer = pupil.group.tutor if place == 0 else pupil.house.leaders[0]
    said = chance.choice(text["words"]) if chance.random() < 0.7 else ""
    frame.tables.add(
        Warning, id=frame.keys.new(), student_id=pupil.id, stage_id=stage.pk, issued_by_id=issuer.id,
        submission=frame.keys.new(), issued_on=day, expires_on=stage.last_day(day), student_response=said,
        reason=chance.choice(text["reasons"][place]).format_map(pupil.words), **_appeal(frame, pupil, issuer, day),
    )  # fmt: skip


def _appeal(frame: Frame, pupil: Pupil, issuer: Colleague, day: dt.date) -> dict[str, Any]:
    """One in eight; those of last week still wait."""
    text, chance = bank.read("warnings"), pupil.chance
    if chance.randrange(8):
        return {}
    calendar = frame.calendar
    asked = calendar.school_day_until(min(day + dt.timedelta(days=3), calendar.last_day))
    waits = {"appeal": "asked", "appealed_on": asked, "appeal_words": text["appeal"].format_map(pupil.words)}
    decided = asked + dt.timedelta(days=7)
    if decided > calendar.last_day:
        return waits
    outcome = chance.choice(("lifted", "stands"))
    decider = next(leader for leader in pupil.house.leaders if leader is not issuer)
    return waits | {
        "appeal": outcome, "decided_on": calendar.school_day_until(decided), "decided_by_id": decider.id,
        "decision_words": text[outcome].format_map(pupil.words),
    }  # fmt: skip


def _ladder(frame: Frame) -> list[WarningStage]:
    """The stages that came with the school."""
    if not frame.stages:
        frame.stages = list(WarningStage.objects.filter(school=frame.school))
    return frame.stages
