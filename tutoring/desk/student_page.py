"""The frame of a student's page: whose it is, what the reader may do for them, the header and the tabs.

Apps above the desk put their own tabs into it: `class StudentReports(StudentPage, TemplateView)`.
"""

from functools import cached_property
from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import ResolverMatch
from django.utils import timezone
from django.views.generic.base import ContextMixin

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission, permissions_of
from audit.services import record
from core.navigation import notices_for, student_tabs
from students.models import Student
from tutoring.attendance.selectors import figures_by_student
from tutoring.attendance.statistics import Figure
from tutoring.desk.calendar import Calendar, calendar_of
from tutoring.desk.header import about_line, support_chips
from tutoring.diary.selectors import next_appointment_by_student
from tutoring.groups.selectors import roles_over, students_visible_to, students_with_group, tutors_of_student
from tutoring.sessions.home import students_with_good_news
from tutoring.sessions.reflections import students_with_reflection
from tutoring.strategies.selectors import students_with_own_words


class StudentPage(StaffPageMixin, ContextMixin):
    """Gives a view its `student` (404 for those this person may not see), `can`, `tabs` and the header."""

    request: HttpRequest
    kwargs: dict[str, Any]
    permission_required: Permission = Permission.VIEW_STUDENT

    @cached_property
    def student(self) -> Student:
        """The student of the address, through the permission of this page."""
        visible = students_visible_to(self.me, self.permission_required)
        beside = students_with_reflection(students_with_own_words(students_with_group(visible)))
        return get_object_or_404(students_with_good_news(beside).select_related("school"), pk=self.kwargs["pk"])

    @cached_property
    def permitted(self) -> frozenset[Permission]:
        """What this person may do for this very student."""
        return permissions_of(roles_over(self.me, self.student))

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_of(self.student.school, timezone.localdate())

    @cached_property
    def year_figure(self) -> Figure | None:
        """Attendance of the year to date, for those who may know it."""
        if Permission.VIEW_ATTENDANCE not in self.permitted:
            return None
        return figures_by_student([self.student], self.calendar.year_start).get(self.student.pk, Figure())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        student = self.student
        # Whoever shows the frame shows the student.
        record(
            "student.opened", by=self.me, obj=student, page=cast(ResolverMatch, self.request.resolver_match).url_name
        )
        return super().get_context_data(
            student=student,
            can={permission.name.lower(): True for permission in self.permitted},
            tabs=student_tabs(self.request, student.pk, self.permitted),
            about=about_line(student, [str(t) for t in tutors_of_student(student)], self.calendar.today),
            support_chips=support_chips(student) if Permission.VIEW_SUPPORT in self.permitted else [],
            attendance=self.year_figure,
            notices=notices_for(self.me, student.pk),
            next_appointment=next_appointment_by_student([student]).get(student.pk),
            **kwargs,
        )
