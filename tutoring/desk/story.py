"""A student's story: one line of time from conversations and meetings, the student's own words, plans, interventions,
referrals, agreed steps, attendance, behaviour and grades.

Each source is read only as far as the page needs it and only as far as the reader may. What it gives, it gives by whole
days, from the newest before the page's end: as many entries as a page holds, and those of one day more (`whole_days`).
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import groupby, zip_longest

from django.db.models import Count, Prefetch, Q
from django.db.models.functions import Coalesce, TruncDate

from accounts.models import User
from accounts.permissions import Permission
from core.whole_days import whole_days
from students.models import Student
from tutoring.attendance.crossings import crossings, with_standing
from tutoring.attendance.notice import THRESHOLD
from tutoring.attendance.turns import academic_year, weeks_that_turn
from tutoring.desk.calendar import Calendar, monday_of
from tutoring.desk.story_entries import (
    CLUSTER,
    Entry,
    about_appointment,
    about_behaviour,
    about_crossing,
    about_drop,
    about_plan,
    about_plan_step,
    about_session,
    about_step,
    about_warning,
)
from tutoring.desk.story_help import about_intervention, about_referral, about_reflection
from tutoring.diary.selectors import appointments_not_held
from tutoring.followup.selectors import warning_moments
from tutoring.interventions.selectors import interventions_told
from tutoring.plans.selectors import moments_of_student, steps_going_on, steps_told
from tutoring.progress.telling import drops_told, weeks_told
from tutoring.referrals.meetings import MEETINGS
from tutoring.referrals.selectors import referrals_told
from tutoring.sessions.agreements import agreements_with_outcome
from tutoring.sessions.enums import HOME_KINDS
from tutoring.sessions.reflections import reflections_of
from tutoring.sessions.selectors import sessions_readable, steps_readable, steps_with_day

PAGE = 25
FILTERS = {
    "": "All",
    "talks": "1:1s",
    "own-words": "Own words",
    "meetings": "Meetings",
    "home": "Home",
    "plans": "Plans",
    "interventions": "Interventions",
    "referrals": "Referrals",
    "steps": "Steps",
    "attendance": "Attendance",
    "progress": "Progress",
    "behaviour": "Behaviour",
}
_NEEDS = {
    "own-words": Permission.VIEW_TEAM_SESSION,
    "plans": Permission.VIEW_PLAN,
    "interventions": Permission.VIEW_PLAN,
    "referrals": Permission.VIEW_REFERRAL,
    "attendance": Permission.VIEW_ATTENDANCE,
    "progress": Permission.VIEW_PROGRESS,
    "behaviour": Permission.VIEW_PROGRESS,
}


@dataclass(frozen=True)
class Reading:
    """Whose story, for whom, up to which day (that day not included), and about how many entries of it at once."""

    student: Student
    reader: User
    permitted: Collection[str]
    calendar: Calendar
    before: dt.date | None = None
    size: int = PAGE

    @property
    def end(self) -> dt.date:
        return self.before or self.calendar.today + dt.timedelta(days=1)


@dataclass(frozen=True)
class Page:
    """Some entries, newest first, and the day before which the story goes on (None at its beginning)."""

    entries: list[Entry]
    earlier: dt.date | None


def filters_for(permitted: Collection[str]) -> dict[str, str]:
    """The kinds of entries this reader can have."""
    return {key: label for key, label in FILTERS.items() if key not in _NEEDS or _NEEDS[key] in permitted}


def story_page(reading: Reading, kind: str = "") -> Page:
    """The newest entries before `reading.before`; a day is never split between two pages."""
    found = [entry for key in _sources_of(kind) for entry in _SOURCES[key](reading)]
    entries = sorted((e for e in found if e.day < reading.end), key=lambda e: (e.day, e.rank), reverse=True)
    cut = entries[min(len(entries), reading.size) - 1].day if entries else reading.end
    # No source has kept back any of these: each gave as many as the page holds, and the whole of their last day.
    shown = [entry for entry in entries if entry.day >= cut]
    return Page(shown, cut if len(shown) < len(entries) else None)


def _sources_of(kind: str) -> tuple[str, ...]:
    return _TOGETHER.get(kind, (kind,)) if kind else _WHOLE


def _talks(reading: Reading) -> list[Entry]:
    return _sessions(reading, ~Q(kind__in=[*HOME_KINDS, *MEETINGS]))


def _home(reading: Reading) -> list[Entry]:
    return _sessions(reading, Q(kind__in=HOME_KINDS))


def _meetings(reading: Reading) -> list[Entry]:
    return _sessions(reading, Q(kind__in=MEETINGS))


def _sessions(reading: Reading, of: Q | None = None) -> list[Entry]:
    told = sessions_readable().filter(of or Q(), student=reading.student, held_on__lt=reading.end)
    sessions = whole_days(told, "held_on", reading.size)
    beside = sessions.select_related("author", "school_kind", "home_contact__message", "meeting")
    rows = beside.annotate(step_count=Count("steps"))
    latest = rows.prefetch_related(Prefetch("agreements", agreements_with_outcome()))
    latest = latest.order_by("-held_on", "-created_at")
    return [about_session(s, s.step_count, reading.student, reading.reader) for s in latest]


def _appointments(reading: Reading) -> list[Entry]:
    missed = whole_days(appointments_not_held(reading.student, reading.end), "day", reading.size)
    return [about_appointment(appointment, reading.reader) for appointment in missed]


def _steps(reading: Reading) -> list[Entry]:
    today = reading.calendar.today
    told = Q(done_on__lt=reading.end) | Q(done_on__isnull=True, due_on__lt=min(today, reading.end))
    steps = steps_readable(reading.reader).filter(told, student=reading.student).exclude(pk__in=steps_going_on())
    latest = whole_days(steps.annotate(told_on=Coalesce("done_on", "due_on")), "told_on", reading.size)
    rows = steps_with_day(latest.select_related("owner_staff")).order_by(Coalesce("done_on", "due_on").desc(), "pk")
    return [about_step(step, reading.student, reading.reader, today) for step in rows]


def _plan_steps(reading: Reading) -> list[Entry]:
    today = reading.calendar.today
    steps = steps_told(reading.student, before=reading.end, today=today, least=reading.size)
    return [about_plan_step(step, reading.student, reading.reader, today) for step in steps]


def _plans(reading: Reading) -> list[Entry]:
    if Permission.VIEW_PLAN not in reading.permitted:
        return []
    return [about_plan(moment) for moment in moments_of_student(reading.student, reading.end, reading.size)]


def _own_words(reading: Reading) -> list[Entry]:
    if Permission.VIEW_TEAM_SESSION not in reading.permitted:
        return []
    written = reflections_of(reading.student).annotate(day=TruncDate("written_at")).filter(day__lt=reading.end)
    return [about_reflection(said, reading.student) for said in whole_days(written, "day", reading.size)]


def _interventions(reading: Reading) -> list[Entry]:
    # Also of those this person runs without reading plans.
    members = interventions_told(reading.student, reading.end, reading.size)
    return [entry for member in members for entry in about_intervention(member)]


def _referrals(reading: Reading) -> list[Entry]:
    if Permission.VIEW_REFERRAL not in reading.permitted:
        return []
    referrals = referrals_told(reading.student, reading.end, reading.size)
    return [entry for referral in referrals for entry in about_referral(referral)]


def _attendance(reading: Reading) -> list[Entry]:
    if Permission.VIEW_ATTENDANCE not in reading.permitted:
        return []
    today = reading.calendar.today
    # A crossing stands on the Friday of its week or today, so none before the page's end lies in a later year. Each
    # year asked for has a crossing: as many as a page holds, one more, and this one, whose crossings may all lie after.
    year = academic_year(monday_of(min(reading.end, today)))
    weeks = weeks_that_turn(reading.student, year=year, today=today, years=reading.size + 2)
    entries: list[Entry] = []
    for year, rows in groupby(weeks, key=lambda held: academic_year(held.week)):
        held = list(rows)
        found = crossings(held)
        if year == academic_year(monday_of(today)):
            found = with_standing(found, held[-1], today)
        entries += [about_crossing(crossing, reading.student, today, THRESHOLD) for crossing in found]
    return entries


def _behaviour(reading: Reading) -> list[Entry]:
    if Permission.VIEW_PROGRESS not in reading.permitted:
        return []
    return [about_behaviour(week) for week in weeks_told(reading.student, reading.end, CLUSTER, reading.size)]


def _warnings(reading: Reading) -> list[Entry]:
    if Permission.VIEW_WARNING not in reading.permitted:
        return []
    return [about_warning(moment) for moment in warning_moments(reading.student, reading.end, reading.size)]


def _progress(reading: Reading) -> list[Entry]:
    if Permission.VIEW_PROGRESS not in reading.permitted:
        return []
    # A drop of a term to come stands on today.
    until = reading.end.year if reading.end <= reading.calendar.today else None
    drops = drops_told(reading.student, until, reading.size)
    return [about_drop(new, old, reading.calendar) for new, old in zip_longest(drops, drops[1:])]


_WHOLE = (
    "sessions", "appointments", "own-words", "plans", "interventions", "referrals", "steps", "plan steps",
    "attendance", "progress", "behaviour", "warnings",
)  # fmt: skip
_TOGETHER = {
    "talks": ("talks", "appointments"),
    "steps": ("steps", "plan steps"),
    "behaviour": ("behaviour", "warnings"),
}
_SOURCES: dict[str, Callable[[Reading], list[Entry]]] = {
    "sessions": _sessions,
    "talks": _talks,
    "appointments": _appointments,
    "own-words": _own_words,
    "meetings": _meetings,
    "home": _home,
    "steps": _steps,
    "plan steps": _plan_steps,
    "plans": _plans,
    "interventions": _interventions,
    "referrals": _referrals,
    "attendance": _attendance,
    "progress": _progress,
    "behaviour": _behaviour,
    "warnings": _warnings,
}
