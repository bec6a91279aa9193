"""Rewards and sanctions: drawn by the story, on days when the pupil was in, from teachers who teach them."""

import datetime as dt
from dataclasses import dataclass
from math import exp
from typing import Any

from exchange.demo_school import bank
from exchange.demo_school.curriculum import spoken
from exchange.demo_school.marks import ABSENT, NOT_POSSIBLE, Register
from exchange.demo_school.people import Colleague, Pupil
from exchange.demo_school.school_year import Calendar
from exchange.demo_school.stories import WEEKDAYS


@dataclass(slots=True)
class Entry:
    """One reward or sanction."""

    day: dt.date
    kind: str
    category: str
    points: int
    staff: Colleague
    comment: str
    number: int = 1


def entries_of(pupil: Pupil, calendar: Calendar, register: Register) -> list[Entry]:
    """All entries of the pupil's two terms, numbered where two of a day are alike."""
    plan, chance = pupil.story.behaviour, pupil.chance
    days = [n for n in range(register.first // 2, register.end // 2) if _is_in(register, n)]
    share = len(days) / max(1, len(calendar.days))
    younger = 1.25 if pupil.year < 9 else 0.5 if pupil.year > 11 else 1
    entries = _given(pupil, calendar)
    for kind, a_term in (("positive", plan.rewards * younger), ("negative", plan.sanctions)):
        for _ in range(_poisson(2 * a_term * share * chance.triangular(0.5, 1.6, 0.9), pupil) if days else 0):
            entries.append(_entry(pupil, calendar, register, chance.choice(days), kind))
    seen: dict[tuple[Any, ...], int] = {}
    for entry in entries:
        key = (entry.day, entry.kind, entry.category, entry.points, entry.staff.code)
        entry.number = seen[key] = seen.get(key, 0) + 1
    return entries


def _is_in(register: Register, day: int) -> bool:
    return register.code(2 * day) not in ABSENT | NOT_POSSIBLE


def _given(pupil: Pupil, calendar: Calendar) -> list[Entry]:
    """The entries a story names: weeks ago, weekday, category, points, comment and the subject it happened in."""
    entries = []
    for row in pupil.story.behaviour.events:
        if row["week"] >= len(calendar.weeks):
            continue
        days = calendar.weeks[row["week"]]
        day = next((d for d in days if d.weekday() == WEEKDAYS.index(row["day"])), days[-1])
        staff = pupil.subjects.get(row.get("subject", "")) or pupil.chance.choice(list(pupil.subjects.values()))
        kind = "positive" if row["points"] > 0 else "negative"
        if pupil.on_roll(day):
            entries.append(Entry(day, kind, row["category"], row["points"], staff, row.get("comment", "")))
    return entries


def _entry(pupil: Pupil, calendar: Calendar, register: Register, day: int, kind: str) -> Entry:
    chance = pupil.chance
    categories = bank.read("behaviour")[kind]
    category = chance.choices(categories, [c["weight"] for c in categories])[0]
    fortnight = (2 * day - 20, 2 * day)
    if category["name"] == "Attendance" and (register.figure(*fortnight)[1] or register.count("LU", *fortnight)):
        category = categories[0]
    subject, staff = chance.choice(list(pupil.subjects.items()))
    comment = ""
    if chance.random() < category.get("spoken", 0.6):
        comment = chance.choice(category["comments"]).format(subject=spoken(subject), period=chance.randint(1, 5))
    points = chance.choice(category["points"])
    return Entry(calendar.days[day], kind, category["name"], points, staff, comment[:1].upper() + comment[1:])


def _poisson(mean: float, pupil: Pupil) -> int:
    """How many of something that happens `mean` times on average (Knuth's method; means here are small)."""
    limit, product, count = exp(-mean), pupil.chance.random(), 0
    while product > limit:
        product *= pupil.chance.random()
        count += 1
    return count
