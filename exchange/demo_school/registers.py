"""Two terms of registers for one pupil: present unless something happened, and what happened has a shape.

Absence comes in spells, lateness in mornings, and the story adds its weekdays and weeks.
"""

import datetime as dt
import random
from collections.abc import Iterator
from math import log

from exchange.demo_school import bank
from exchange.demo_school.marks import ABSENT, Register, day_in_week, write_line
from exchange.demo_school.people import Pupil
from exchange.demo_school.school_year import Calendar
from exchange.demo_school.stories import WEEKDAYS, Phase

SPELL_LENGTHS, SPELL_WEIGHTS, MEAN_SPELL = (1, 2, 3, 4, 5), (56, 24, 10, 6, 4), 1.78
# Reasons must be known within five school days (SI 2024/208, reg 10): until then N, afterwards O.
REASON_DAYS = 5


def register_of(pupil: Pupil, calendar: Calendar) -> Register:
    """All the marks of one pupil."""
    days, chance = calendar.days, pupil.chance
    first = next((n for n, day in enumerate(days) if day >= pupil.joined_on), len(days))
    end = next((n for n, day in enumerate(days) if pupil.left_on and day > pupil.left_on), len(days))
    register = Register(2 * first, 2 * end)
    _spells(register, pupil, calendar)
    _late_mornings(register, pupil, calendar)
    _weekdays(register, pupil, calendar)
    if pupil.story.attendance.holidays and chance.random() < 0.05:
        _holiday(register, calendar, chance)
    if "forename" not in pupil.story.pupil:
        _appointments(register, calendar, chance)
        for day, code, comment in outings(calendar, pupil.year, pupil.number, chance):
            if register.code(2 * day) not in ABSENT:
                register.put_day(day, code, comment)
    _school_stage(register, pupil, calendar)
    for line in pupil.story.attendance.marks:
        write_line(register, line, calendar)
    _settle_reasons(register, calendar)
    return register


def _usual_rates(pupil: Pupil) -> Phase:
    """This pupil's own habits where the story leaves them open: most miss little, a few a lot."""
    plan, chance = pupil.story.attendance, pupil.chance
    absence = plan.absence
    if absence is None:
        absence = chance.lognormvariate(log(0.036), 0.82)
        absence *= 1.45 if pupil.pupil_premium else 1
        absence *= 1.25 if pupil.sen == "E" else 1
        absence *= {7: 0.8, 8: 0.95, 10: 1.1, 11: 1.1}.get(pupil.year, 1)
        absence = min(absence, 0.2)
    authorised = plan.authorised if plan.authorised is not None else max(0.45, 0.92 - 2.2 * absence)
    late = plan.late if plan.late is not None else min(0.4, chance.lognormvariate(log(0.013), 1.0))
    return Phase((99, 0), absence, authorised, late)


def _stretches(pupil: Pupil, calendar: Calendar) -> Iterator[tuple[int, int, Phase]]:
    """(first day, day after the last, habits) for each stretch of the two terms with the same habits."""
    usual = _usual_rates(pupil)
    phases = pupil.story.attendance.phases

    def phase_of(week: int) -> Phase | None:
        return next((p for p in phases if p.weeks[1] <= week <= p.weeks[0]), None)

    begins, inside = 0, phase_of(calendar.weeks_ago[0])
    for day, week in enumerate([*calendar.weeks_ago, -1]):
        now = phase_of(week) if week >= 0 else None
        if now is not inside or week < 0:
            yield begins, day, _merged(inside, usual)
            begins, inside = day, now


def _merged(phase: Phase | None, usual: Phase) -> Phase:
    if phase is None:
        return usual
    return Phase(
        phase.weeks,
        usual.absence if phase.absence is None else phase.absence,
        usual.authorised if phase.authorised is None else phase.authorised,
        usual.late if phase.late is None else phase.late,
    )


def _spells(register: Register, pupil: Pupil, calendar: Calendar) -> None:
    chance = pupil.chance
    for first, end, habits in _stretches(pupil, calendar):
        rate = (habits.absence or 0) / MEAN_SPELL / (1 - min(0.9, habits.absence or 0))
        day = first + chance.expovariate(rate) if rate else end
        while day < end:
            start = int(day)
            if calendar.days[start].weekday() != 0 and chance.random() < 0.12:
                start = max(first, start - calendar.days[start].weekday())  # spells begin on Mondays more than chance
            length = chance.choices(SPELL_LENGTHS, SPELL_WEIGHTS)[0]
            _spell(register, start, min(start + length, end), chance.random() < (habits.authorised or 0), pupil)
            day = start + length + chance.expovariate(rate)


def _spell(register: Register, start: int, end: int, authorised: bool, pupil: Pupil) -> None:
    chance = pupil.chance
    code = "I" if authorised else "O"
    if authorised:
        reasons = bank.read("reasons")["illness"]
        comment = pupil.story.attendance.reason or (chance.choice(reasons) if chance.random() < 0.5 else "")
    else:
        comment = "No call from home" if chance.random() < 0.25 else ""
    if end - start == 1 and chance.random() < 0.18:
        register.put(2 * start + (chance.random() < 0.6), code, None, comment)
        return
    for day in range(start, end):
        register.put_day(day, code, comment if day == start else "")


def _late_mornings(register: Register, pupil: Pupil, calendar: Calendar) -> None:
    chance = pupil.chance
    for first, end, habits in _stretches(pupil, calendar):
        if not habits.late:
            continue
        day = first + chance.expovariate(habits.late)
        while day < end:
            position = 2 * int(day) + (chance.random() < 0.08)
            if position not in register.marks:
                _late(register, position, chance)
            day += max(1, chance.expovariate(habits.late))


def _late(register: Register, position: int, chance: random.Random) -> None:
    minutes = min(55, 2 + int(chance.expovariate(1 / 9)))
    register.put(position, "U" if minutes > 30 else "L", minutes)


def _weekdays(register: Register, pupil: Pupil, calendar: Calendar) -> None:
    chance, plans = pupil.chance, pupil.story.attendance.weekdays
    if not plans:
        return
    for n, day in enumerate(calendar.days):
        plan = plans.get(WEEKDAYS[day.weekday()])
        if plan is None or not plan.weeks[1] <= calendar.weeks_ago[n] <= plan.weeks[0] or 2 * n in register.marks:
            continue
        roll = chance.random()
        if roll < plan.absent:
            register.put_day(n, plan.code, plan.comment)
        elif (roll := roll - plan.absent) < plan.morning:
            register.put(2 * n, plan.code, None, plan.comment)
        elif (roll := roll - plan.morning) < plan.after_close:
            register.put(2 * n, "U", chance.randint(31, 55), plan.comment)
        elif roll - plan.after_close < plan.late:
            register.put(2 * n, "L", chance.randint(6, 28), plan.comment)


def _holiday(register: Register, calendar: Calendar, chance: random.Random) -> None:
    """A trip that borrows school days, next to a holiday as they are."""
    edges = [n for n in range(1, len(calendar.days)) if (calendar.days[n] - calendar.days[n - 1]).days > 5]
    edge, length = chance.choice(edges or [0]), chance.choice((2, 3, 3, 4, 5))
    start = edge - length if chance.random() < 0.6 else edge
    for day in range(start, start + length):
        register.put_day(day, "G", "Family holiday, not agreed" if day == start else "")


def _appointments(register: Register, calendar: Calendar, chance: random.Random) -> None:
    for _ in range(chance.choices((0, 1, 2, 3), (52, 30, 13, 5))[0]):
        position = chance.randrange(2 * len(calendar.days))
        if position not in register.marks:
            register.put(position, "M", None, chance.choice(bank.read("reasons")["appointment"]))


def outings(calendar: Calendar, year: int, number: int, chance: random.Random) -> Iterator[tuple[int, str, str]]:
    """(day, code, comment) of visits, fixtures and interviews: a year goes together, a few stay behind."""
    reasons, days = bank.read("reasons"), calendar.days
    for week, weekday, name in reasons["visits"].get(str(year), ()):
        day = day_in_week(calendar, week, weekday)
        if day is not None and chance.random() < 0.88:
            yield day, "V", name
    if number % 11 == 0:
        for week in (3, 7, 17):
            day = day_in_week(calendar, week, "wed")
            if day is not None:
                yield day, "P", chance.choice(reasons["fixtures"])
    if year in (11, 13) and chance.random() < 0.1 and len(days) > 9:
        yield (
            len(days) - 2 - chance.randrange(8),
            "J1",
            "Interview at college" if year == 11 else "University interview",
        )


def _school_stage(register: Register, pupil: Pupil, calendar: Calendar) -> None:
    """Sixth-formers are not wanted every afternoon; in the summer Years 11 and 13 are on study leave, then done."""
    free = random.Random(f"free {pupil.number}").sample(range(5), 2)
    for n, day in enumerate(calendar.days):
        term = calendar.term_of(day)
        year = pupil.year - (calendar.current.year - term.year)
        if year in (11, 13) and term.name == "SUM" and day >= dt.date(day.year, 5, 11):
            register.put_day(n, "S" if day <= dt.date(day.year, 6, 26) else "X")
        elif year >= 12 and day.weekday() in free and 2 * n + 1 not in register.marks:
            register.put(2 * n + 1, "X")


def _settle_reasons(register: Register, calendar: Calendar) -> None:
    """An absence nobody has explained is N while the school is still asking."""
    asking = 2 * (len(calendar.days) - REASON_DAYS)
    for position, (code, minutes, comment) in register.marks.items():
        if code == "O" and position >= asking:
            register.marks[position] = ("N", minutes, comment)
