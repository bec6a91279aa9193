"""The next few days that matter in a conversation: half-term, the end of term, closures, a birthday."""

import datetime as dt

from students.models import Student
from tutoring.desk.calendar import Calendar
from tutoring.desk.header import age_on
from tutoring.desk.story_entries import counted

SOON = dt.timedelta(days=28)
BIRTHDAY = dt.timedelta(days=14)


def dates_ahead(calendar: Calendar, student: Student) -> list[str]:
    """In the order of their days, as "Autumn term ends on Fri 18 Dec, in 4 school weeks"."""
    found = [*_terms(calendar), *_closures(calendar), *_birthday(calendar.today, student)]
    return [words for _, words in sorted(found)]


def _terms(calendar: Calendar) -> list[tuple[dt.date, str]]:
    today, term = calendar.today, calendar.term
    days = []
    if term and term.break_starts_on and today < term.break_starts_on:
        days.append((term.break_starts_on, f"Half-term begins on {short(term.break_starts_on)}"))
    if term and today <= term.ends_on:
        name = term.plain_name[:1].upper() + term.plain_name[1:]
        weeks = counted(calendar.weeks_left, "school week")
        days.append((term.ends_on, f"{name} ends on {short(term.ends_on)}, {weeks} left"))
    else:
        coming = [t for t in calendar.terms if t.starts_on > today]
        days += [(t.starts_on, f"School is back on {short(t.starts_on)}") for t in coming[:1]]
    return days


def _closures(calendar: Calendar) -> list[tuple[dt.date, str]]:
    today = calendar.today
    coming = sorted(day for day in calendar.closures if today < day <= today + SOON)
    return [(day, f"No school on {short(day)}: {calendar.closures[day]}") for day in coming[:2]]


def _birthday(today: dt.date, student: Student) -> list[tuple[dt.date, str]]:
    born = student.date_of_birth
    if not born:
        return []
    days = (today + dt.timedelta(days=n) for n in range(BIRTHDAY.days + 1))
    day = next((d for d in days if (d.month, d.day) == (born.month, born.day)), None)
    if not day:
        return []
    words = "today" if day == today else f"on {short(day)}"
    return [(day, f"Turns {age_on(born, day)} {words}")]


def short(day: dt.date) -> str:
    """Fri 18 Dec."""
    return f"{day:%a} {day.day} {day:%b}"
