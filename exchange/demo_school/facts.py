"""What is true of a pupil: facts that a scene may ask for (`needs`), and the figures that a sentence may name."""

import datetime as dt

from exchange.demo_school.marks import Register
from exchange.demo_school.people import Pupil
from exchange.demo_school.progress import Result
from exchange.demo_school.school_year import Calendar

# True today and, near enough, a term ago.
LASTING = frozenset({"sen", "eal", "premium", "strong", "here before"})
# True on one day and not on another.
OF_THE_DAY = frozenset({"late", "punctual", "absent", "present", "below 90"})
ENOUGH = 20


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


def facts_on(calendar: Calendar, register: Register, day: dt.date) -> frozenset[str]:
    """What the register of that year says by the end of the day; nothing before there is enough of it."""
    start, end = _year_until(calendar, day)
    possible, missed = register.figure(start, end)
    late = register.count("LU", start, end)
    if possible < ENOUGH:
        return frozenset()
    facts = {
        "late": late >= 4,
        "punctual": late <= 1,
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
    begins = calendar.first_day_of_year(calendar.term_of(day).year)
    start = next(n for n, d in enumerate(calendar.days) if d >= begins)
    return 2 * start, 2 * (calendar.index[day] + 1)
