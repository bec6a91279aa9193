"""Interventions of the invented school: one that runs in each group, an evaluated one in every third; tags."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from tutoring.interventions.models import Dose, Intervention, Member, Sitting
from tutoring.sessions.models import SessionTag

SIZE = 6
TAGS = (
    "Exam stress", "Friendships", "Moving house", "New to the school", "Sleep", "Phone", "Homework club",
    "Part-time job", "Sport", "Bereavement", "Options and careers", "Young carer",
)  # fmt: skip
RUNS = {
    "name": "Morning readers", "weekly": 2, "minutes": 20, "weeks": 10, "measure": "Reading age, years",
    "about": "Twenty minutes of reading aloud in a small group before registration. Those who read a year or more"
    " below their age read little at home; hearing each other helps.",
}  # fmt: skip
OVER = {
    "name": "On time club", "weekly": 1, "minutes": 15, "weeks": 6, "measure": "",
    "about": "Fifteen minutes on Fridays: what made the week’s mornings go well, and one thing to try next week.",
    "worked": "Packing the bag the evening before, and walking in together. Rewards alone changed little.",
    "decision": "continue",
}  # fmt: skip
WORDS = ("Comes with a friend now.", "Better on most days.", "", "Mondays are still hard.", "Asks to go on.", "")
OUTCOMES = (1, 2, 0, 1, 2, -1)


@dataclass
class Running:
    """One intervention of a group while its pupils come: its key, its days, who is in it so far."""

    key: UUID
    days: list[dt.date]
    sittings: list[UUID]
    over: bool
    inside: int = 0


def add_tags(frame: Frame) -> None:
    """A dozen words of the school's own."""
    for name in TAGS:
        frame.tables.add(SessionTag, id=frame.keys.new(), school_id=frame.school, name=name, is_active=True)


def tags_of(conversation: UUID) -> list[str]:
    """One conversation in five carries one: by its key, so that nothing else of the school changes."""
    number = conversation.int
    return [TAGS[number // 5 % len(TAGS)]] if number % 5 == 0 else []


def add_interventions(frame: Frame, pupil: Pupil) -> None:
    """The first of a group that stay are in both."""
    if pupil.left_on:
        return
    group = pupil.group.id
    if group not in frame.interventions:
        every_third = len(frame.interventions) % 3 == 0
        kinds = (False, True) if every_third else (False,)
        frame.interventions[group] = [_begin(frame, pupil, over=over) for over in kinds]
    for running in frame.interventions[group]:
        if running.inside < SIZE:
            _take_in(frame, pupil, running)
            running.inside += 1


def _begin(frame: Frame, pupil: Pupil, *, over: bool) -> Running:
    days, tutor, keys = frame.calendar.days, pupil.group.tutor, frame.keys
    held = days[-55:-25:5] if over else days[-20::3]
    running = Running(keys.new(), held, [keys.new() for _ in held], over)
    need = "Arriving late" if over else "Reading"
    barrier = next((key for name, key in frame.barriers.items() if need.split()[-1].lower() in name.lower()), None)
    frame.tables.add(
        Intervention, id=running.key, school_id=frame.school, made_by_id=tutor.id, lead_id=tutor.id,
        submission=keys.new(), barrier_id=barrier, starts_on=held[0],
        ends_on=held[-1] + dt.timedelta(days=2) if over else frame.calendar.today + dt.timedelta(weeks=4),
        closed_on=held[-1] + dt.timedelta(days=4) if over else None, **(OVER if over else RUNS),
    )  # fmt: skip
    for day, key in zip(held, running.sittings, strict=True):
        frame.tables.add(
            Sitting, id=key, intervention_id=running.key, by_id=tutor.id, submission=keys.new(), held_on=day,
            minutes=15 if over else 20, note="" if day != held[1] else "Settled quickly today.",
        )  # fmt: skip
    return running


def _take_in(frame: Frame, pupil: Pupil, running: Running) -> None:
    place, member = running.inside, frame.keys.new()
    entry = None if running.over else Decimal("8.4") + place * Decimal("0.3")
    frame.tables.add(
        Member, id=member, intervention_id=running.key, student_id=pupil.id, starts_on=running.days[0], entry=entry,
        outcome=OUTCOMES[place] if running.over else None, outcome_words=WORDS[place] if running.over else "",
    )  # fmt: skip
    for number, sitting in enumerate(running.sittings):
        came = (number + place) % 5 != 4
        minutes = (15 if running.over else 20) if came else 0
        frame.tables.add(
            Dose, id=frame.keys.new(), meeting_id=sitting, member_id=member, student_id=pupil.id, came=came,
            minutes=minutes,
        )  # fmt: skip
