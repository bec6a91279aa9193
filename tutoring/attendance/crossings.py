"""When a student's attendance for the year fell below a level or came back above it, from weekly counts."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tutoring.attendance.statistics import Figure

LEVELS = (95, 90, 50)
ENOUGH = 40  # possible sessions before which a percentage jumps too much to tell a story
CLEAR = 1  # percentage points above a level before it counts as left behind, so that nobody swings to and fro
NOTICE_WEEKS = 10


@dataclass(frozen=True)
class Crossing:
    """In the week that begins on `week` the year's attendance passed `level` per cent."""

    week: dt.date
    level: int
    down: bool
    year: Figure
    notice: int  # unauthorised sessions in the ten school weeks up to then
    still: bool = False  # told before, and so today too


def crossings(weeks: Sequence[tuple[dt.date, Figure]]) -> list[Crossing]:
    """All crossings of one academic year, earliest first; of several at once only the deepest is told."""
    found: list[Crossing] = []
    year, standing = Figure(), 100
    held = [(week, figure) for week, figure in weeks if figure.possible]
    for number, (week, figure) in enumerate(held):
        year += figure
        level = _standing(year)
        if level > standing:
            level = max(standing, _standing(year, clear=CLEAR))
        if year.possible < ENOUGH or level == standing:
            continue
        notice = sum(f.notice for _, f in held[max(0, number + 1 - NOTICE_WEEKS) : number + 1])
        down = level < standing
        found.append(Crossing(week, level if down else standing, down, year, notice))
        standing = level
    return found


def _standing(year: Figure, clear: int = 0) -> int:
    """The lowest level the figure is at or below (a tenth missed is 90); 100 above all of them."""
    reached = [level for level in LEVELS if 100 * year.absent >= (100 - level - clear) * year.possible]
    return min(reached, default=100)


def with_standing(found: list[Crossing], weeks: Sequence[tuple[dt.date, Figure]], today: dt.date) -> list[Crossing]:
    """The crossings of this year and, while attendance stands at 90% or less, where it stands today."""
    year = sum((figure for _, figure in weeks), Figure())
    if not found or not year.persistent or year.possible < ENOUGH:
        return found
    held = [figure for _, figure in weeks if figure.possible]
    notice = sum(figure.notice for figure in held[-NOTICE_WEEKS:])
    this_week = today - dt.timedelta(days=today.weekday())
    before = [crossing for crossing in found if crossing.week != this_week]
    level = _standing(year)
    still = bool(before and before[-1].down and before[-1].level == level)
    return [*before, Crossing(today, level, True, year, notice, still)]
