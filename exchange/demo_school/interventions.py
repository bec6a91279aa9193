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
# Groups take turns: what one runs, with the measure of its first student at entry and the step to the next.
RUNS: tuple[tuple[str, Decimal, Decimal, dict[str, str | int]], ...] = (
    ("Reading or writing", Decimal("8.4"), Decimal("0.3"), {
        "name": "Morning readers", "weekly": 2, "minutes": 20, "measure": "Reading age, years",
        "about": "Twenty minutes of reading aloud in a small group before registration. Those who read a year or more"
        " below their age read little at home; hearing each other helps.",
    }),
    ("Number", Decimal(14), Decimal(3), {
        "name": "Number club", "weekly": 2, "minutes": 15, "measure": "Times tables right in two minutes",
        "about": "Quick games with cards and dice. Whoever has to work out seven eights loses the thread of"
        " the lesson.",
    }),
    ("Homework", Decimal(5), Decimal(1), {
        "name": "Homework table", "weekly": 2, "minutes": 40, "measure": "Homework handed in, of the last ten",
        "about": "A quiet table in the library after school, with somebody to ask. At home there is not always room.",
    }),
    ("Worry", Decimal(3), Decimal("0.5"), {
        "name": "Quiet start", "weekly": 2, "minutes": 10, "measure": "Calm on arriving, 1 to 10, their own number",
        "about": "Ten minutes in the tutor room before the corridor fills: a hot drink, what today holds, one plan.",
    }),
)  # fmt: skip
OVER = {
    "name": "On time club", "weekly": 1, "minutes": 15, "weeks": 6, "measure": "",
    "about": "Fifteen minutes once a week: what made the mornings go well, and one thing to try until the next time.",
    "worked": "Packing the bag the evening before, and walking in together. Rewards alone changed little.",
}  # fmt: skip
WORDS = ("Comes with a friend now.", "Better on most days.", "", "Mondays are still hard.", "Asks to go on.", "")
OUTCOMES = (1, 2, 0, 1, 2, -1)
DECISIONS = ("continue", "change", "stop")


@dataclass
class Running:
    """One intervention of a group while its pupils come: its key, its days, who is in it so far."""

    key: UUID
    days: list[dt.date]
    sittings: list[UUID]
    turn: int
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
        turn = len(frame.interventions)
        kinds = (False, True) if turn % 3 == 0 else (False,)
        frame.interventions[group] = [_begin(frame, pupil, turn, over=over) for over in kinds]
    for running in frame.interventions[group]:
        if running.inside < SIZE:
            _take_in(frame, pupil, running)
            running.inside += 1


def _begin(frame: Frame, pupil: Pupil, turn: int, *, over: bool) -> Running:
    days, tutor, keys = frame.calendar.days, pupil.group.tutor, frame.keys
    held = days[-50:-20:5] if over else days[-20::3]
    running = Running(keys.new(), held, [keys.new() for _ in held], turn, over)
    need, _, _, said = RUNS[turn % len(RUNS)]
    ends = held[-1] + dt.timedelta(days=2) if over else frame.calendar.today + dt.timedelta(weeks=4)
    end = {"closed_on": ends + dt.timedelta(days=2), "decision": DECISIONS[turn // 3 % 3]} if over else {}
    frame.tables.add(
        Intervention, id=running.key, school_id=frame.school, made_by_id=tutor.id, lead_id=tutor.id,
        submission=keys.new(), barrier_id=frame.barriers.get("Getting up and in" if over else need),
        starts_on=held[0], ends_on=ends, **(OVER | end if over else said | {"weeks": 8}),
    )  # fmt: skip
    for day, key in zip(held, running.sittings, strict=True):
        frame.tables.add(
            Sitting, id=key, intervention_id=running.key, by_id=tutor.id, submission=keys.new(), held_on=day,
            minutes=15 if over else said["minutes"], note="" if day != held[1] else "Settled quickly today.",
        )  # fmt: skip
    return running


def _take_in(frame: Frame, pupil: Pupil, running: Running) -> None:
    place, member = running.inside, frame.keys.new()
    _, first, step, said = RUNS[running.turn % len(RUNS)]
    how = (running.turn + place) % len(WORDS)
    end = {"outcome": OUTCOMES[how], "outcome_words": WORDS[how]}
    frame.tables.add(
        Member, id=member, intervention_id=running.key, student_id=pupil.id, starts_on=running.days[0],
        **(end if running.over else {"entry": first + place * step}),
    )  # fmt: skip
    for number, sitting in enumerate(running.sittings):
        came = (number + place) % 5 != 4
        minutes = (15 if running.over else said["minutes"]) if came else 0
        frame.tables.add(
            Dose, id=frame.keys.new(), meeting_id=sitting, member_id=member, student_id=pupil.id, came=came,
            minutes=minutes,
        )  # fmt: skip
