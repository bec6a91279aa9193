"""What is true of a pupil at a time: facts that a scene may ask for, and the figures that a sentence may name."""

import datetime as dt

from exchange.demo_school.marks import Register
from exchange.demo_school.people import Pupil
from exchange.demo_school.progress import Result
from exchange.demo_school.school_year import Calendar

# True today and, near enough, a term ago.
LASTING = frozenset({"sen", "eal", "premium", "strong", "here before"})


def facts_of(pupil: Pupil, calendar: Calendar, register: Register, results: list[Result]) -> frozenset[str]:
    """What may be taken for granted when a scene asks for it (`needs`)."""
    start, end = 2 * _first_day(calendar), 2 * len(calendar.days)
    possible, missed = register.figure(start, end)
    late = register.count("LU", start, end)
    latest = [r for r in results if r.term is results[-1].term]
    facts = {
        "weak": any(r.gap < 0 for r in latest),
        "strong": any(r.gap > 0 or r.effort == "Excellent" for r in latest),
        "late": late >= 4,
        "punctual": late <= 1,
        "absent": possible > 20 and missed * 100 >= possible * 8,
        "present": possible > 20 and missed * 100 <= possible * 2,
        "below 90": possible > 20 and missed * 10 >= possible,
        "here before": register.first < start,
        "sen": pupil.sen != "N",
        "eal": pupil.eal,
        "premium": pupil.pupil_premium,
    }
    return frozenset(name for name, true in facts.items() if true)


def _first_day(calendar: Calendar) -> int:
    """The place of the academic year's first day among the calendar's days."""
    return next(
        n for n, day in enumerate(calendar.days) if day >= calendar.year_starts_on or n == len(calendar.days) - 1
    )


def figures_on(calendar: Calendar, register: Register, day: dt.date) -> dict[str, str]:
    """The year's attendance as it stood on that day, for sentences that name it."""
    end = 2 * (calendar.index[day] + 1)
    begins = calendar.first_day_of_year(calendar.term_of(day).year)
    start = 2 * next(n for n, d in enumerate(calendar.days) if d >= begins)
    possible, missed = register.figure(start, end)
    rate = f"{100 * (possible - missed) / possible:.0f}%" if possible else "not yet known"
    late = str(register.count("LU", start, end))
    return {"attendance": rate, "missed": str(missed), "Missed": str(missed), "lates": late, "Lates": late}
