"""When a student's attendance for the year fell below a level or came back above it, from the year's running sums."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tutoring.attendance.statistics import Figure

LEVELS = (95, 90, 50)
ENOUGH = 40  # possible sessions before which a percentage jumps too much to tell a story
CLEAR = 1  # percentage points above a level before it counts as left behind, so that nobody swings to and fro
NOTICE_WEEKS = 10


@dataclass(frozen=True)
class SoFar:
    """A week with a possible session: the year up to and with it, unauthorised sessions of the ten school weeks."""

    week: dt.date
    year: Figure
    notice: int


@dataclass(frozen=True)
class Crossing:
    """In the week that begins on `week` the year's attendance passed `level` per cent."""

    week: dt.date
    level: int
    down: bool
    year: Figure
    notice: int  # unauthorised sessions in the ten school weeks up to then
    still: bool = False  # told before, and so today too


def crossings(weeks: Sequence[SoFar]) -> list[Crossing]:
    """All crossings of one academic year, earliest first; of several at once only the deepest is told.

    A week that stands to every level as the week before it changes nothing: it may be left out.
    """
    found: list[Crossing] = []
    standing = 100
    for held in weeks:
        level = _standing(held.year)
        if level > standing:
            level = max(standing, _standing(held.year, clear=CLEAR))
        if held.year.possible < ENOUGH or level == standing:
            continue
        down = level < standing
        found.append(Crossing(held.week, level if down else standing, down, held.year, held.notice))
        standing = level
    return found


def _standing(year: Figure, clear: int = 0) -> int:
    """The lowest level the figure is at or below (a tenth missed is 90); 100 above all of them."""
    reached = [level for level in LEVELS if 100 * year.absent >= (100 - level - clear) * year.possible]
    return min(reached, default=100)


def with_standing(found: list[Crossing], last: SoFar, today: dt.date) -> list[Crossing]:
    """The crossings of this year and, while attendance stands at 90% or less, where it stands today."""
    if not found or not last.year.persistent or last.year.possible < ENOUGH:
        return found
    this_week = today - dt.timedelta(days=today.weekday())
    before = [crossing for crossing in found if crossing.week != this_week]
    level = _standing(last.year)
    still = bool(before and before[-1].down and before[-1].level == level)
    return [*before, Crossing(today, level, True, last.year, last.notice, still)]
