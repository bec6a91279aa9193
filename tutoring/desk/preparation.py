"""The sheet read in ten seconds before a 1:1: since last time, what was agreed, strengths, what teachers said, dates.

Each source is read once and only as far as the reader may know it; nothing is weighed, ranked or scored.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Student
from tutoring.attendance.selectors import figures_in_windows
from tutoring.attendance.statistics import Figure
from tutoring.desk.calendar import Calendar, monday_of
from tutoring.desk.course_lines import CourseLines, course_lines
from tutoring.desk.dates_ahead import dates_ahead, short
from tutoring.desk.questions import Known, Question, opening_question
from tutoring.desk.story_entries import counted
from tutoring.desk.today import percent
from tutoring.plans.habits import Habit, add_habits
from tutoring.plans.models import PlanStep
from tutoring.plans.selectors import plans_under_way, steps_going_on
from tutoring.plans.selectors import steps_readable as plan_steps
from tutoring.progress.enums import BehaviourKind
from tutoring.progress.models import BehaviourEvent
from tutoring.progress.selectors import assessments_of_student, behaviour_of_student, comments_of_student
from tutoring.roundrobin.models import Ask
from tutoring.roundrobin.selectors import answers_since
from tutoring.sessions.agreements import agreements_of
from tutoring.sessions.enums import Owner
from tutoring.sessions.models import Agreement, NextStep, Reflection, TutorSession
from tutoring.sessions.reflections import new_reflection
from tutoring.sessions.selectors import last_seen, sessions_readable, steps_readable

STEPS_SHOWN = 5
STRENGTHS_SHOWN = 5
COLLEAGUES_SHOWN = 2
ANSWERS_SHOWN = 8
SESSIONS_READ = 12
ENOUGH = 20  # possible sessions below which "always here" says too little


@dataclass(frozen=True)
class Fact:
    """One line of "since last time": a word, a figure, and what is behind it."""

    label: str
    value: str
    sub: str = ""


@dataclass
class Preparation:
    """All that stands on the sheet. `met`: the last 1:1 the reader knows of; `last`: the last whose words they read."""

    since: dt.date
    met: dt.date | None
    last: TutorSession | None
    reflection: Reflection | None = None
    facts: list[Fact] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    asks_outcome: bool = False
    steps: list[NextStep | PlanStep] = field(default_factory=list)
    more_steps: int = 0
    habits: list[Habit] = field(default_factory=list)
    strengths: list[str] = field(default_factory=list)
    planned: list[str] = field(default_factory=list)
    course: CourseLines = field(default_factory=CourseLines)
    colleagues: list[TutorSession] = field(default_factory=list)
    answers: list[Ask] = field(default_factory=list)
    ahead: list[str] = field(default_factory=list)
    question: Question = field(default_factory=lambda: opening_question(Known()))

    @property
    def read(self) -> list[TutorSession]:
        """The conversations whose words stand on the sheet."""
        return [*([self.last] if self.last else []), *self.colleagues]

    @property
    def others_met(self) -> bool:
        """Was there a later 1:1, of which the reader knows the day and not the words?"""
        return bool(self.met and (not self.last or self.last.held_on < self.met))


def preparation_for(student: Student, user: User, permitted: Collection[str], calendar: Calendar) -> Preparation:
    """The sheet for this reader; how many queries it takes depends on nothing but what they may know."""
    sessions = list(
        sessions_readable()
        .filter(student=student)
        .select_related("author", "school_kind")
        .order_by("-held_on", "-created_at")[:SESSIONS_READ]
    )
    last = next((s for s in sessions if s.school_kind and s.school_kind.counts), None)
    met = last.held_on if last else None
    if Permission.VIEW_TEAM_SESSION in permitted:
        met = last_seen([student], since=calendar.year_ago).get(student.pk, met)
    sheet = Preparation(since=met or calendar.term_start, met=met, last=last, reflection=new_reflection(student))
    since = [s for s in sessions if s.author_id != user.pk and s.held_on >= sheet.since and s is not last]
    sheet.colleagues = since[:COLLEAGUES_SHOWN]
    sheet.answers = answers_since(student, sheet.since)[:ANSWERS_SHOWN]
    sheet.agreements = list(agreements_of(last)) if last else []
    sheet.asks_outcome = bool(last and last.held_on < calendar.today and Permission.LOG_SESSION in permitted)
    steps = _steps(sheet, student, user)
    plans = plans_under_way(student)
    sheet.habits = add_habits(plans, student.school)
    figure, before = _attendance(sheet, student, permitted, calendar)
    rewards = _progress(sheet, student, user, permitted)
    kept = [s for s in steps if s.done_on and s.done_on >= sheet.since and s.owner == Owner.STUDENT]
    always_here = figure.possible >= ENOUGH and figure.absent == 0
    sheet.strengths = _strengths(sheet.course, rewards, len(kept), figure if always_here else None)
    sheet.planned = [plan.strengths for plan in plans if plan.strengths]
    sheet.ahead = [f"Plan “{plan.title}” is reviewed on {short(plan.review_on)}" for plan in plans]
    sheet.ahead += dates_ahead(calendar, student)
    sheet.question = opening_question(
        Known(
            kept=len(kept),
            up=sheet.course.up,
            rewards=len(rewards),
            always_here=always_here,
            steadier=_points_gained(figure, before) >= 5,
            best_effort=sheet.course.best_effort,
            said=bool(last and last.student_words),
            to_do=sum(1 for s in steps if s.is_open and s.owner == Owner.STUDENT),
            met=bool(met),
        )
    )
    return sheet


def _steps(sheet: Preparation, student: Student, user: User) -> list[NextStep | PlanStep]:
    """What was agreed last time, ended or not, then what is open from before, in a plan too; the longest overdue first.

    What goes on in a plan is told once, as that.
    """
    told = Q(done_on__isnull=True) | Q(done_on__gte=sheet.since)
    told = told | Q(session=sheet.last) if sheet.last else told
    # Without their sessions: a step of one's own may come from a conversation one does not read.
    said = steps_readable(user).filter(told, student=student).exclude(pk__in=steps_going_on())
    planned = plan_steps().filter(Q(outcome="") | Q(ended_on__gte=sheet.since), student=student)
    steps: list[NextStep | PlanStep] = [*said.select_related("owner_staff"), *planned]
    for step in steps:
        step.student = student
    last = sheet.last.pk if sheet.last else None
    steps.sort(key=lambda s: (_session_of(s) != last, not s.is_open, s.due_on or dt.date.max, str(s.pk)))
    sheet.steps, sheet.more_steps = steps[:STEPS_SHOWN], max(0, len(steps) - STEPS_SHOWN)
    return steps


def _session_of(step: NextStep | PlanStep) -> UUID | None:
    return step.session_id if isinstance(step, NextStep) else None


def _attendance(
    sheet: Preparation, student: Student, permitted: Collection[str], calendar: Calendar
) -> tuple[Figure, Figure]:
    """Of the weeks since last time, that week included, and of the year before them."""
    if Permission.VIEW_ATTENDANCE not in permitted:
        return Figure(), Figure()
    first = monday_of(sheet.since)
    windows: dict[str, tuple[dt.date, dt.date | None]] = {
        "since": (first, calendar.today),
        "before": (calendar.year_start, first - dt.timedelta(days=1)),
    }
    found = figures_in_windows([student.pk], windows).get(student.pk, {})
    since, before = found.get("since", Figure()), found.get("before", Figure())
    if not since.possible:
        sheet.facts.append(Fact("Attendance", "–", "no possible sessions since then"))
        return since, before
    # Counts are kept by week: the figure begins with the Monday, and says so where that is another day.
    week = f" from {short(first)}" if first != sheet.since else ""
    was = f"; {percent(before)} before" if before.possible else ""
    sheet.facts += [
        Fact("Attendance", percent(since), f"{since.attended} of {since.possible} possible sessions{week}{was}"),
        Fact("Late", str(since.late), f"of {counted(since.arrivals, 'arrival')}"),
    ]
    return since, before


def _points_gained(since: Figure, before: Figure) -> float:
    if since.possible < 10 or before.possible < ENOUGH:
        return 0.0
    return (since.attendance or 0.0) - (before.attendance or 0.0)


def _progress(sheet: Preparation, student: Student, user: User, permitted: Collection[str]) -> list[BehaviourEvent]:
    """Rewards, sanctions, grades and teachers' words; the rewards are given back."""
    if Permission.VIEW_PROGRESS not in permitted:
        return []
    events = list(behaviour_of_student(student, sheet.since))
    rewards = [e for e in events if e.kind == BehaviourKind.POSITIVE]
    sanctions = [e for e in events if e.kind == BehaviourKind.NEGATIVE]
    sheet.course = course_lines(
        list(assessments_of_student(student)), comments_of_student(student).exclude(author=user).first()
    )
    sheet.facts += [
        Fact("Rewards", str(len(rewards)), _categories(rewards)),
        Fact("Sanctions", str(len(sanctions)), _categories(sanctions)),
    ]
    return rewards


def _categories(events: Iterable[BehaviourEvent]) -> str:
    """The three most frequent, as "Kindness ×2, Effort"."""
    found = Counter(event.category for event in events).most_common(3)
    return ", ".join(f"{category} ×{number}" if number > 1 else category for category, number in found)


def _strengths(course: CourseLines, rewards: list[BehaviourEvent], kept: int, always_here: Figure | None) -> list[str]:
    """Up to five lines, what the student did themselves first."""
    lines = [
        f"Did {counted(kept, 'agreed step')} since last time" if kept else "",
        f"Gone up in {course.up_line}" if course.up else "",
        f"Best effort in {course.effort_line}" if course.best_effort else "",
        f"{counted(len(rewards), 'reward')}: {_categories(rewards)}" if rewards else "",
        f"Here for all {always_here.possible} possible sessions" if always_here else "",
        f"Above target in {course.above_line}" if course.above else "",
    ]
    return [line for line in lines if line][:STRENGTHS_SHOWN]
