"""Gathers what Today needs to know about many students: one query a source, however many students there are."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from students.due import ANNOUNCED, DueLine, Lines, lines_due
from students.models import Student
from tutoring.attendance.registers import registers_due
from tutoring.attendance.selectors import figure_of_school, figures_in_windows
from tutoring.attendance.statistics import Figure
from tutoring.conduct.selectors import follow_ups_due, planners_due
from tutoring.desk.calendar import Calendar
from tutoring.desk.clock import clock_of, groups_due
from tutoring.desk.priorities import Facts
from tutoring.desk.scopes import LED, WHOLE_SCHOOL, Scope
from tutoring.desk.team import team_due, worries_of_team
from tutoring.diary.clock import Clock
from tutoring.followup.alerts import alerts_due, alerts_late
from tutoring.followup.appeals import appeals_due
from tutoring.groups.cover import covers_due
from tutoring.handover.selectors import handovers_due, handovers_late, handovers_unread
from tutoring.interventions.selectors import interventions_due
from tutoring.plans.due import steps_due_for, steps_due_of
from tutoring.progress.enums import BehaviourKind
from tutoring.progress.selectors import Course, behaviour_beside, courses_by_student
from tutoring.referrals.meetings import meetings_due
from tutoring.referrals.selectors import referrals_due
from tutoring.roundrobin.selectors import asks_due
from tutoring.sessions.home import not_sent_due
from tutoring.sessions.owed import Promise
from tutoring.sessions.selectors import Contacts, contacts_by_student
from tutoring.strategies.selectors import strategies_due
from tutoring.tutorials.selectors import tutorials_due
from tutoring.visits.selectors import visits_due
from tutoring.watch.selectors import watches_due

# What is due later than this week ("step_ahead") is no step of the week.
STEPS = {"step", "plan_step", "step_asked"}
# What else is due for a person, and what they must hold for it.
ROOMS: dict[Permission, list[Callable[[User, dt.date], list[Lines]]]] = {
    Permission.USE_WAYMARK: [visits_due, interventions_due, asks_due, covers_due, alerts_late, handovers_late],
    Permission.LOG_SESSION: [alerts_due, meetings_due],
    Permission.PRAISE_HOME: [not_sent_due],
    Permission.DECIDE_APPEAL: [appeals_due],
    Permission.VIEW_TEAM_SESSION: [team_due],
    Permission.WRITE_STRATEGY: [strategies_due],
    Permission.KEEP_WATCH: [watches_due],
    Permission.TAKE_REGISTER: [registers_due],
    Permission.RUN_TUTORIAL: [tutorials_due],
    Permission.VIEW_REFERRAL: [referrals_due],
    Permission.ENTER_CONDUCT: [follow_ups_due],
    Permission.CHECK_PLANNERS: [planners_due],
    Permission.VIEW_HANDOVER: [handovers_due],
    Permission.CHANGE_TUTOR: [handovers_unread],
}


@dataclass
class Circle:
    """A circle of students with all that was read about them."""

    students: list[Student]
    windows: dict[UUID, dict[str, Figure]] = field(default_factory=dict)
    school: Figure | None = None
    due: list[DueLine] = field(default_factory=list)
    contacts: dict[UUID, Contacts] = field(default_factory=dict)
    behaviour: dict[UUID, list[tuple[str, str]]] = field(default_factory=dict)
    courses: dict[UUID, Course] = field(default_factory=dict)
    knows_attendance: bool = False
    clock: Clock | None = None
    knows_steps: bool = False
    is_whole: bool = False

    def figure(self, window: str) -> Figure:
        """One figure for all of them in that window."""
        return sum((w[window] for w in self.windows.values()), Figure())

    @property
    def steps(self) -> list[DueLine]:
        """What is due of steps, of 1:1s and of plans: these students', and of a whole school this person's own."""
        known = {student.pk for student in self.students}
        return [line for line in self.due if line.kind in STEPS and (self.is_whole or line.student_id in known)]

    def overdue(self, today: dt.date) -> list[DueLine]:
        """Open steps whose day is past, the longest overdue first."""
        return [s for s in self.steps if s.due_on < today]


def circle_of(user: User, school: School, scope: Scope, calendar: Calendar, students: list[Student]) -> Circle:
    """Everything Today asks about these students (with rights), as far as this person may know it."""
    circle = Circle(students=students, is_whole=scope.key == WHOLE_SCHOOL)
    if user.has_perm(Permission.VIEW_ATTENDANCE):
        circle.knows_attendance = True
        circle.windows = figures_in_windows(_those(students, scope, "reads_attendance"), windows_of(calendar))
        circle.school = figure_of_school(school, calendar.half_term_start, calendar.today, on_roll=calendar.today)
    if user.has_perm(Permission.VIEW_TEAM_SESSION):
        known = _those(students, scope, "reads_sessions")
        circle.contacts = contacts_by_student(known, since=calendar.year_ago, term=calendar.term_start)
        circle.clock = clock_of(students, calendar, circle.contacts)
    circle.knows_steps = user.has_perm(Permission.VIEW_SESSION)
    circle.due = lines_due(_due(user, scope, calendar, [s.pk for s in students]))
    circle.due = worries_of_team(circle.due, user, circle.clock, calendar)
    if scope.key == LED and circle.clock:
        circle.due += groups_due(students, circle.clock, calendar)
    return circle


def _those(students: list[Student], scope: Scope, right: str) -> list[UUID] | QuerySet[Student]:
    """Those of whom this person may know it: by id, which spares the database the question who they are again.

    For a whole school the question is cheaper than a thousand ids.
    """
    if scope.key == WHOLE_SCHOOL:
        return scope.students.filter(Q(**{right: True})) if students else []
    return [s.pk for s in students if getattr(s, right)]


def _due(user: User, scope: Scope, calendar: Calendar, students: list[UUID]) -> list[Lines]:
    """What is due by Sunday: of what this person has to do, and of their circle unless it is a whole school."""
    sunday = calendar.today + dt.timedelta(days=6 - calendar.today.weekday())
    whole = scope.key == WHOLE_SCHOOL
    lines = steps_due_for(user, sunday) if whole else steps_due_of(students, user, sunday)
    for permission, rooms in (*ROOMS.items(), *ANNOUNCED.items()):
        if user.has_perm(permission):
            lines += [line for due in rooms for line in due(user, calendar.today)]
    return lines


def add_progress(circle: Circle, user: User, school: School) -> None:
    """Behaviour and grades too: wanted where single students are put in an order."""
    if user.has_perm(Permission.VIEW_PROGRESS):
        known = [s for s in circle.students if s.reads_progress]  # type: ignore[attr-defined]
        circle.behaviour = behaviour_beside(known)
        circle.courses = courses_by_student([s.pk for s in known], school)


def windows_of(calendar: Calendar) -> dict[str, tuple[dt.date, dt.date | None]]:
    """The spans of whole weeks that Today compares."""
    start, today = calendar.year_start, calendar.today
    recent = calendar.school_weeks_back(3)
    return {
        "year": (start, today),
        "half_term": (calendar.half_term_start, today),
        "september": (start, dt.date(start.year, 9, 30)),
        "recent": (recent, today),
        "before": (start, recent - dt.timedelta(days=1)),
        "earlier": (start, calendar.school_weeks_back(2) - dt.timedelta(days=1)),
        "notice": (calendar.school_weeks_back(10), today),
    }


def facts_of(circle: Circle, today: dt.date) -> list[Facts]:
    """The facts of each student of the circle, for the rules."""
    overdue: dict[UUID | None, DueLine] = {}
    clock = circle.clock
    promised = {turn.student_id: turn.promise(clock.per_term) for turn in clock.turns} if clock else {}
    for step in circle.overdue(today):
        overdue.setdefault(step.student_id, step)
    return [
        _facts(student, circle, overdue.get(student.pk), promised.get(student.pk, Promise()))
        for student in circle.students
    ]


def _facts(student: Student, circle: Circle, late: DueLine | None, promise: Promise) -> Facts:
    pk = student.pk
    windows = circle.windows.get(pk, {})
    behaviour = circle.behaviour.get(pk, [])
    course = circle.courses.get(pk, Course())
    contacts = circle.contacts.get(pk, Contacts())
    return Facts(
        student_id=pk,
        name=student.name,
        year=windows.get("year"),
        recent=windows.get("recent"),
        before=windows.get("before"),
        notice=windows["notice"].notice if windows else 0,
        seen_known=student.reads_sessions,  # type: ignore[attr-defined]
        last_seen=contacts.seen,
        promise=promise,
        home_known=student.reads_sessions,  # type: ignore[attr-defined]
        home_contacted=contacts.home,
        overdue_since=late.due_on if late else None,
        overdue_text=late.text if late else "",
        sanctions=tuple(category for kind, category in behaviour if kind == BehaviourKind.NEGATIVE),
        rewards=sum(kind == BehaviourKind.POSITIVE for kind, _ in behaviour),
        below=course.below,
        down=course.down,
        up=course.up,
    )
