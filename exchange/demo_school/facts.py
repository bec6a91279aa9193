"""What is true of a pupil: facts that a scene may ask for (`needs`), and the figures that a sentence may name."""

import datetime as dt
from functools import cache

from exchange.demo_school.marks import ABSENT, NOT_POSSIBLE, Register
from exchange.demo_school.people import Pupil
from exchange.demo_school.progress import Result
from exchange.demo_school.school_year import Calendar

# True today and, near enough, a term ago.
LASTING = frozenset({"sen", "eal", "premium", "strong", "here before"})
# True on one day and not on another.
OF_THE_DAY = frozenset({"late", "punctual", "absent", "present", "below 90"})
# Sessions before a share of them says anything.
ENOUGH = 36


def facts_of(pupil: Pupil, calendar: Calendar, results: list[Result]) -> frozenset[str]:
    """What holds for the pupil as such, by the latest grades."""
    latest = [r for r in results if r.term is results[-1].term]
    facts = {
        "weak": any(r.gap < 0 for r in latest),
        "strong": any(r.gap > 0 or r.effort == "Excellent" for r in latest),
        "here before": pupil.joined_on < calendar.year_starts_on,
        "sen": pupil.sen != "N",
        "eal": pupil.eal,
        "premium": pupil.pupil_premium,
    }
    return frozenset(name for name, true in facts.items() if true)


def facts_by_day(calendar: Calendar, register: Register) -> list[frozenset[str]]:
    """For each day of the calendar, what the register of that academic year says by its end."""
    found: list[frozenset[str]] = []
    possible = missed = late = 0
    for n in range(len(calendar.days)):
        if n == calendar.year_index:
            possible = missed = late = 0
        for position in (2 * n, 2 * n + 1):
            if register.first <= position < register.end:
                code = register.code(position)
                if code == "S":
                    continue  # leave before an examination is nothing to worry about
                possible += code not in NOT_POSSIBLE
                missed += code in ABSENT
                late += code in "LU"
        found.append(_facts(possible, missed, late))
    return found


@cache
def _facts(possible: int, missed: int, late: int) -> frozenset[str]:
    if possible < ENOUGH:
        return frozenset()
    facts = {
        "late": late >= 4,
        "punctual": late <= 1 and missed * 100 < possible * 6,
        "absent": missed * 100 >= possible * 8,
        "present": missed * 100 <= possible * 2,
        "below 90": missed * 10 >= possible,
    }
    return frozenset(name for name, true in facts.items() if true)


def figures_on(calendar: Calendar, register: Register, day: dt.date) -> dict[str, str]:
    """The year's attendance as it stood on that day, for sentences that name it."""
    start, end = _year_until(calendar, day)
    possible, missed = register.figure(start, end)
    rate = f"{100 * (possible - missed) / possible:.0f}%" if possible else "not yet known"
    late = str(register.count("LU", start, end))
    return {"attendance": rate, "missed": str(missed), "Missed": str(missed), "lates": late, "Lates": late}


def _year_until(calendar: Calendar, day: dt.date) -> tuple[int, int]:
    """The sessions of that day's academic year up to and with the day, as far as they are told."""
    now = calendar.index[day]
    return 2 * (calendar.year_index if now >= calendar.year_index else 0), 2 * (now + 1)
