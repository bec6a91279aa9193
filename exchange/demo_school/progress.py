"""Grades and effort at the last two data drops, with what each teacher thinks will help most."""

import random
from dataclasses import dataclass
from typing import Any

from exchange.demo_school import bank
from exchange.demo_school.curriculum import Timetable, stage
from exchange.demo_school.people import Colleague, Pupil
from exchange.demo_school.school_year import Calendar, TermDates

LETTERS = ("U", "E", "D", "C", "B", "A", "A*")
EFFORTS = ("Poor", "Fair", "Good", "Excellent")
# A sentence that begins with it makes sense from Year 10 on.
UPPER_ONLY = "^"
# Below the grade expected at the end of Year 11, by year.
STILL_TO_COME = {7: 2.2, 8: 1.6, 9: 1.0, 10: 0.4, 11: 0.0}


@dataclass(slots=True)
class Result:
    """One subject at one data drop; `level` is the working grade as a number, `target` likewise."""

    subject: str
    term: TermDates
    teacher: Colleague
    target: int
    level: int
    effort: str
    comment: str
    letters: bool

    @property
    def gap(self) -> int:
        """Grades above target; below is negative."""
        return self.level - self.target

    def grade(self, number: int) -> str:
        return LETTERS[number] if self.letters else str(number)


def results_of(pupil: Pupil, calendar: Calendar, timetable: Timetable, missed: float) -> list[Result]:
    """Every result of the pupil, earlier drop first; `missed` is the share of sessions missed, which costs grades."""
    found: list[Result] = []
    for position, (term, day) in enumerate(calendar.drops()):
        year = pupil.year - (calendar.current.year - term.year)
        if year < 7 or not pupil.on_roll(day):
            continue
        for subject in timetable.subjects_of(pupil, year):
            teacher = timetable.teacher_of(pupil, subject, year)
            found.append(_result(pupil, subject, term, teacher, year, position, missed))
    return found


def _result(
    pupil: Pupil, subject: str, term: TermDates, teacher: Colleague, year: int, position: int, missed: float
) -> Result:
    chance, plan = pupil.chance, pupil.story.progress
    given = plan.subjects.get(subject, {})
    sixth = stage(year) == "sixth"
    bent = _bent(pupil, subject)
    if sixth:
        target = max(2, min(6, round(pupil.ability * 0.75 - 0.6 + bent * 0.5)))
    else:
        target = max(1, min(9, round(pupil.ability + bent - STILL_TO_COME[year])))
    target = _number(given.get("target"), target)
    gap = plan.gap + given.get("gap", 0) + (plan.change + given.get("change", 0)) * position
    gap -= max(0, missed - 0.07) * 5
    # A pupil stands where they stand in a subject from one drop to the next, give or take a little.
    lasting = random.Random(f"{pupil.number} {subject}").gauss(0, 0.42)
    drift = gap + lasting + chance.gauss(0, 0.2) + (0.1 if position else 0)
    level = max(0 if sixth else 1, min(6 if sixth else 9, target + round(drift)))
    level = _number(given.get("now" if position else "before"), level)
    effort = plan.effort - 0.12 + plan.effort_change * position + chance.gauss(0, 0.65) + 0.3 * bent
    word = given.get("effort") or EFFORTS[max(0, min(3, round(effort)))]
    comment = given.get("help" if position else "", "") or what_will_help(pupil, subject, year, level - target, word)
    return Result(subject, term, teacher, target, level, word, comment, sixth)


def _number(given: Any, drawn: int) -> int:
    return drawn if given is None else int(given)


def _bent(pupil: Pupil, subject: str) -> float:
    """A lasting liking for a subject, between about -1 and 1, the same at every drop."""
    return random.Random(f"{subject} {pupil.number}").uniform(-0.9, 0.9)


def what_will_help(pupil: Pupil, subject: str, year: int, gap: int, effort: str) -> str:
    """One sentence from the subject's own bank, by whether the pupil is below, at or above target."""
    help_bank = bank.read("help")
    own = help_bank[subject]
    choices = own["below"] if gap < 0 else own["above"] if gap > 0 else own["at"]
    if effort == "Poor" and pupil.chance.random() < 0.5:
        choices = help_bank["any"]["poor"]
    elif pupil.eal and pupil.story.pupil.get("new_to_english") and pupil.chance.random() < 0.6:
        choices = help_bank["any"]["english"]
    young = [sentence for sentence in choices if not sentence.startswith(UPPER_ONLY)]
    return str(pupil.chance.choice(young if year < 10 else choices)).removeprefix(UPPER_ONLY)
