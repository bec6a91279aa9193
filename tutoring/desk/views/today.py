"""Today: who needs me first, what is due, and where the day's work begins, for every role."""

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from accounts.enums import ASSIGNED_ROLES
from accounts.mixins import StaffPageMixin
from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from core.navigation import notices_for
from students.due import NOTICE
from students.models import Student
from tutoring.attendance.meaning import key_to
from tutoring.attendance.models import Mark
from tutoring.attendance.selectors import latest_marks
from tutoring.desk.calendar import Calendar, calendar_of
from tutoring.desk.clock import with_presence
from tutoring.desk.deeds import NOW
from tutoring.desk.facts import Circle, add_progress, circle_of, facts_of
from tutoring.desk.priorities import RULES, Priority, going_well, ordered
from tutoring.desk.scopes import WHOLE_SCHOOL, Scope, scope_chosen, scopes_of
from tutoring.desk.selectors import own_groups_of, students_for_today, students_with_rights
from tutoring.desk.today import date_line, due_lines, greeting, numbers, registers
from tutoring.groups.switcher import opened, switcher

NEEDS_SHOWN = 7
REGISTERS_SHOWN = 5
DUE_SHOWN = 8
WORTH_A_LOOK = 20  # points from which those further down are mentioned


class Today(StaffPageMixin, TemplateView):
    """The first page of the day. Who leads or tutors nobody gets the doors to their work instead of a list."""

    permission_required = Permission.USE_WAYMARK
    template_name = "desk/today.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.localtime()
        scopes = scopes_of(self.me)
        scope = scope_chosen(scopes, self.request.GET.get("scope"))
        context = super().get_context_data(greeting=greeting(now), scopes=scopes, **kwargs)
        return context | page_of(self.me, self.school, scope, now.date(), self.request.GET.get("group"))


def page_of(user: User, school: School, scope: Scope, today: dt.date, group: str | None = None) -> dict[str, Any]:
    """Everything the page shows about one circle of students, or about one `group` of one's own (its key)."""
    calendar = calendar_of(school, today)
    scope = replace(scope, find=partial(students_with_rights, scope.students, user))
    students = students_for_today(scope, user, school, today)
    doors = switcher(own_groups_of(students), group)
    if chosen := opened(doors):
        scope = replace(scope, group=chosen)
        students = [student for student in students if str(vars(student)["group_id"]) == chosen]
    circle = circle_of(user, school, scope, calendar, students)
    lines = due_lines([line for line in circle.due if line.kind != NOTICE], user, today)
    due = [line for line in lines if line.line.kind not in NOW]
    page: dict[str, Any] = {
        "notices": notices_for(user) if len(lines) < len(circle.due) else [],
        "now": lines[: len(lines) - len(due)],
        "scope": scope,
        "doors": doors,
        "date_line": date_line(calendar, scope, students),
        "numbers": numbers(circle, scope, calendar) if students else [],
        "due": due[:DUE_SHOWN],
        "more_due": due[DUE_SHOWN:],
        "today": today,
        "students": students,
    }
    if scope.key != WHOLE_SCHOOL and user.has_perm(Permission.VIEW_ATTENDANCE):
        page |= _needs(user, school, scope, calendar, circle)
    return page


def _needs(user: User, school: School, scope: Scope, calendar: Calendar, circle: Circle) -> dict[str, Any]:
    add_progress(circle, user, school)
    facts = facts_of(circle, calendar.today)
    first = ordered(facts, today=calendar.today, term_start=calendar.term_start)
    heavy = sum(1 for line in first[NEEDS_SHOWN:] if line.points >= WORTH_A_LOOK)
    by_id = {student.pk: student for student in circle.students}
    top = [by_id[p.facts.student_id] for p in first[:REGISTERS_SHOWN]]
    until = calendar.last_school_day or calendar.today
    readable = [s.pk for s in top if s.reads_attendance]  # type: ignore[attr-defined]
    known = [s.pk for s in circle.students if s.reads_attendance]  # type: ignore[attr-defined]
    marks = latest_marks(readable, until, since=until - dt.timedelta(days=21), count=10, today_of=known)
    strips = registers(top, marks, frozenset(s.pk for s in top if s.reads_reasons))  # type: ignore[attr-defined]
    return {
        "needs": _with_students(first[:NEEDS_SHOWN], by_id),
        "needs_left": heavy,
        "well": _with_students(going_well(facts, first[: NEEDS_SHOWN + heavy]), by_id),
        "registers": strips,
        "registers_key": key_to(square for strip in strips for square, _ in strip.squares),
        "shows_needs": True,
    } | _next(user, calendar, circle, marks)


def _next(user: User, calendar: Calendar, circle: Circle, marks: dict[UUID, list[Mark]]) -> dict[str, Any]:
    """Whom to see next of those this person logs 1:1s with: nobody marked away today."""
    if not circle.clock or not user.roles & ASSIGNED_ROLES:
        return {}
    clock = with_presence(circle.clock, marks, circle.behaviour, calendar.today)
    by_id = {student.pk: student for student in circle.students}
    return {"next_to_see": [(by_id[s.turn.student_id], s) for s in clock.next_to_see(calendar.today)]}


def _with_students(lines: list[Priority], by_id: dict[Any, Student]) -> list[tuple[Student, Priority]]:
    return [(by_id[line.facts.student_id], line) for line in lines]


class PriorityOrder(StaffPageMixin, TemplateView):
    """How the list "Who needs you first" is ordered, in plain words, from the rules themselves."""

    permission_required = Permission.USE_WAYMARK
    template_name = "desk/priority_order.html"
    extra_context = {"rules": sorted(RULES.values(), key=lambda rule: -rule.points)}
