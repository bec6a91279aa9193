"""This term: who has been seen as often as the school promises, and who not yet; for each group the same."""

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from students.models import Student
from tutoring.attendance.selectors import latest_marks
from tutoring.desk.calendar import calendar_of
from tutoring.desk.clock import QUIET_AFTER, clock_of, clocks_by_group, with_presence
from tutoring.desk.scopes import scope_chosen, scopes_of
from tutoring.desk.selectors import own_groups_of, students_for_today, students_with_rights
from tutoring.diary.clock import Clock, Standing
from tutoring.groups.switcher import switcher
from tutoring.progress.selectors import behaviour_by_student
from tutoring.sessions.selectors import contacts_by_student


class TermClock(StaffPageMixin, TemplateView):
    """Groups first; a group's students when it is opened, or at once where there is only one."""

    permission_required = Permission.VIEW_TEAM_SESSION
    template_name = "desk/term_clock.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        calendar = calendar_of(self.school, timezone.localdate())
        scopes = scopes_of(self.me)
        scope = scope_chosen(scopes, self.request.GET.get("scope"))
        scope = replace(scope, find=partial(students_with_rights, scope.students, self.me))
        students = students_for_today(scope, self.me, self.school, calendar.today)
        known = [s.pk for s in students if s.reads_sessions]  # type: ignore[attr-defined]
        contacts = contacts_by_student(known, since=calendar.year_ago, term=calendar.term_start)
        clock = clock_of(students, calendar, contacts)
        groups = clocks_by_group(students, clock)
        wanted = self.request.GET.get("group")
        chosen = next((g for g in groups if g.key == wanted), groups[0] if len(groups) == 1 else None)
        context = {"scope": scope, "scopes": scopes, "calendar": calendar, "clock": clock}
        context |= {"groups": groups, "chosen": chosen, "doors": switcher(own_groups_of(students), wanted)}
        if chosen:
            context |= self._students(students, chosen.clock, calendar.today)
        return super().get_context_data(**context, **kwargs)

    def _students(self, students: list[Student], clock: Clock, today: dt.date) -> dict[str, Any]:
        """The rows of the open group, those left to see first, and the next three of them."""
        by_id = {student.pk: student for student in students}
        mine = [by_id[turn.student_id] for turn in clock.turns]
        readable = [s.pk for s in mine if s.reads_attendance]  # type: ignore[attr-defined]
        marks = latest_marks(readable, today, since=today, count=2)
        noted = behaviour_by_student([s.pk for s in mine if s.reads_progress], today - QUIET_AFTER)  # type: ignore[attr-defined]
        clock = with_presence(clock, marks, noted, today)
        rows = [
            (by_id[turn.student_id], turn, turn.standing(clock.per_term), turn.to_book(clock.per_term))
            for turn in clock.turns
        ]
        return {
            "rows": sorted(rows, key=lambda row: (row[2] in (Standing.SEEN, Standing.EXEMPT), row[1].name)),
            "next_to_see": [(by_id[s.turn.student_id], s) for s in clock.next_to_see(today)],
        }
