"""A student's story: one line of time from conversations and meetings, the student's own words, plans, interventions,
referrals, agreed steps, attendance, behaviour and grades.

Each source is read only as far as the page needs it and only as far as the reader may.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.permissions import Permission
from students.models import Student
from tutoring.attendance.crossings import crossings, with_standing
from tutoring.attendance.notice import THRESHOLD
from tutoring.attendance.selectors import figures_by_week
from tutoring.desk.calendar import Calendar, monday_of
from tutoring.desk.story_entries import (
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
from tutoring.desk.story_help import about_intervention, about_referral, about_reflection, latest_first
from tutoring.diary.selectors import appointments_not_held
from tutoring.followup.selectors import warning_moments
from tutoring.interventions.selectors import interventions_of_student
from tutoring.plans.selectors import moments_of_student, steps_going_on, steps_told
from tutoring.progress.selectors import assessments_of_student, behaviour_of_student
from tutoring.referrals.meetings import MEETINGS
from tutoring.referrals.selectors import referrals_of_student
from tutoring.sessions.enums import HOME_KINDS
from tutoring.sessions.reflections import reflections_of
from tutoring.sessions.selectors import sessions_readable, steps_readable, steps_with_day

PAGE = 25
MOST_EVENTS = 1000
FETCH = 60  # rows asked of a source that can be long
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
    """Whose story, for whom, and up to which day (that day not included)."""

    student: Student
    reader: User
    permitted: Collection[str]
    calendar: Calendar
    before: dt.date | None = None

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
    found = [_SOURCES[key](reading) for key in _sources_of(kind)]
    entries = [entry for source in found for entry in source if entry.day < reading.end]
    entries.sort(key=lambda e: (e.day, e.rank), reverse=True)
    # A source that gave all it was asked for may have more on its last day: the page ends before that day.
    unsure = max((source[-1].day for source in found if len(source) >= FETCH), default=dt.date.min)
    sure = [entry for entry in entries if entry.day > unsure] or entries
    cut = sure[min(len(sure), PAGE) - 1].day if sure else reading.end
    shown = [entry for entry in sure if entry.day >= cut]
    return Page(shown, cut if len(shown) < len(entries) or unsure > dt.date.min else None)


def _sources_of(kind: str) -> tuple[str, ...]:
    return _TOGETHER.get(kind, (kind,)) if kind else _WHOLE


def _talks(reading: Reading) -> list[Entry]:
    return _sessions(reading, ~Q(kind__in=[*HOME_KINDS, *MEETINGS]))


def _home(reading: Reading) -> list[Entry]:
    return _sessions(reading, Q(kind__in=HOME_KINDS))


def _meetings(reading: Reading) -> list[Entry]:
    return _sessions(reading, Q(kind__in=MEETINGS))


def _sessions(reading: Reading, of: Q | None = None) -> list[Entry]:
    sessions = sessions_readable().filter(of or Q(), student=reading.student, held_on__lt=reading.end)
    beside = sessions.select_related("author", "school_kind", "home_contact", "meeting")
    rows = beside.annotate(step_count=Count("steps"))
    latest = rows.prefetch_related("agreements").order_by("-held_on", "-created_at")[:FETCH]
    return [about_session(s, s.step_count, reading.student, reading.reader) for s in latest]


def _appointments(reading: Reading) -> list[Entry]:
    missed = appointments_not_held(reading.student, reading.end)
    return [about_appointment(appointment, reading.reader) for appointment in missed[:FETCH]]


def _steps(reading: Reading) -> list[Entry]:
    today = reading.calendar.today
    told = Q(done_on__lt=reading.end) | Q(done_on__isnull=True, due_on__lt=min(today, reading.end))
    steps = steps_readable(reading.reader).filter(told, student=reading.student).exclude(pk__in=steps_going_on())
    latest = steps_with_day(steps.select_related("owner_staff")).order_by(Coalesce("done_on", "due_on").desc())
    return [about_step(step, reading.student, reading.reader, today) for step in latest[:FETCH]]


def _plan_steps(reading: Reading) -> list[Entry]:
    today = reading.calendar.today
    steps = steps_told(reading.student, before=reading.end, today=today)[:FETCH]
    return [about_plan_step(step, reading.student, reading.reader, today) for step in steps]


def _plans(reading: Reading) -> list[Entry]:
    if Permission.VIEW_PLAN not in reading.permitted:
        return []
    return [about_plan(moment) for moment in moments_of_student(reading.student, reading.end, FETCH)]


def _own_words(reading: Reading) -> list[Entry]:
    if Permission.VIEW_TEAM_SESSION not in reading.permitted:
        return []
    written = reflections_of(reading.student).filter(written_at__date__lt=reading.end)[:FETCH]
    return [about_reflection(said, reading.student) for said in written]


def _interventions(reading: Reading) -> list[Entry]:
    # Also of those this person runs without reading plans.
    members = interventions_of_student(reading.student).filter(starts_on__lt=reading.end)
    return latest_first([entry for member in members for entry in about_intervention(member)])


def _referrals(reading: Reading) -> list[Entry]:
    if Permission.VIEW_REFERRAL not in reading.permitted:
        return []
    return latest_first(
        [entry for referral in referrals_of_student(reading.student) for entry in about_referral(referral)]
    )


def _attendance(reading: Reading) -> list[Entry]:
    if Permission.VIEW_ATTENDANCE not in reading.permitted:
        return []
    weeks = figures_by_week([reading.student], dt.date(2000, 1, 1), reading.calendar.today)
    entries: list[Entry] = []
    today = reading.calendar.today
    for year, rows in groupby(weeks, key=lambda row: academic_year(row[0])):
        held = list(rows)
        found = crossings(held)
        if year == academic_year(monday_of(today)):
            found = with_standing(found, held, today)
        entries += [about_crossing(crossing, reading.student, today, THRESHOLD) for crossing in found]
    return entries


def academic_year(day: dt.date) -> int:
    """The calendar year in which the academic year of that day's week began; a week belongs to its Friday."""
    friday = day + dt.timedelta(days=4)
    return friday.year if friday.month >= 9 else friday.year - 1


def _behaviour(reading: Reading) -> list[Entry]:
    if Permission.VIEW_PROGRESS not in reading.permitted:
        return []
    # All of them, not only those before the page: a week cut in two would be told twice.
    events = behaviour_of_student(reading.student)[:MOST_EVENTS]
    weeks = groupby(events, key=lambda event: monday_of(event.date))
    return [entry for _, week in weeks for entry in about_behaviour(list(week))]


def _warnings(reading: Reading) -> list[Entry]:
    if Permission.VIEW_WARNING not in reading.permitted:
        return []
    return [about_warning(moment) for moment in warning_moments(reading.student, reading.end)]


def _progress(reading: Reading) -> list[Entry]:
    if Permission.VIEW_PROGRESS not in reading.permitted:
        return []
    drops = [list(rows) for _, rows in groupby(assessments_of_student(reading.student), key=lambda a: a.data_drop)]
    pairs = zip(drops, [*drops[1:], []], strict=False)
    return [about_drop(new, old, reading.calendar) for new, old in pairs]


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
