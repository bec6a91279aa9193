"""The list of students, and finding one by name."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import ListView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.limits import SEARCHES, limited
from core.paging import ShortListPaginator
from students.models import Student
from tutoring.desk.calendar import Calendar, calendar_of
from tutoring.desk.forms import StudentFilter
from tutoring.desk.rows import student_rows
from tutoring.desk.scopes import Scope, scope_chosen, scopes_of
from tutoring.desk.selectors import (
    groups_listed,
    remember_my_students,
    students_found,
    students_in_group,
    students_listed,
    students_shown,
    students_sorted,
)
from tutoring.groups.models import TutorGroup
from tutoring.groups.switcher import switcher


class StudentList(StaffPageMixin, ListView):  # type: ignore[type-arg]
    """My students, or all I may see: filtered, sorted, fifty to a page."""

    permission_required = Permission.VIEW_STUDENT
    template_name = "desk/student_list.html"
    paginate_by = 50
    paginator_class = ShortListPaginator

    @cached_property
    def form(self) -> StudentFilter:
        return StudentFilter(self.request.GET, user=self.me, scopes=self.scopes, groups=self.groups)

    @cached_property
    def groups(self) -> list[TutorGroup]:
        return groups_listed(self.me)

    @cached_property
    def scopes(self) -> list[Scope]:
        return scopes_of(self.me)

    @cached_property
    def scope(self) -> Scope:
        return scope_chosen(self.scopes, self.form.chosen("scope"))

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_of(self.school, timezone.localdate())

    def get_queryset(self) -> QuerySet[Student]:
        students = students_listed(self.scope.students, self.me, self.calendar)
        students = students_in_group(students, self.form.chosen("group"))
        students = students_shown(students, self.form.chosen("show"), self.me, self.calendar)
        return students_sorted(students, self.form.chosen("sort"), self.calendar)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(form=self.form, scope=self.scope, **kwargs)
        if not (self.form.chosen("group") or self.form.chosen("show")):
            remember_my_students(self.me, self.scope, context["paginator"].count)
        rows = student_rows(list(context["page_obj"]), self.me, self.calendar)
        own = [(group.pk, group.name) for group in self.groups if group.is_own]  # type: ignore[attr-defined]
        doors = switcher(own, self.form.chosen("group"))
        return context | {"rows": rows, "shows": self.columns(), "narrowed": self.form.chosen("show"), "doors": doors}

    def columns(self) -> dict[str, bool]:
        """Which columns this person may have at all."""
        may = self.me.has_perm
        return {
            "seen": may(Permission.VIEW_TEAM_SESSION),
            "attendance": may(Permission.VIEW_ATTENDANCE),
            "steps": may(Permission.VIEW_SESSION),
        }


class Find(StaffPageMixin, View):
    """Find a student: POST, because a name belongs in no address and no log; GET shows the empty form."""

    permission_required = Permission.FIND_STUDENT

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "desk/find.html")

    @limited(SEARCHES)
    def post(self, request: HttpRequest) -> HttpResponse:
        text = request.POST.get("q", "").replace("\0", " ")[:100].strip()
        results = [
            {"name": s.name, "detail": _detail(s), "url": reverse("desk:student-story", kwargs={"pk": s.pk})}
            for s in students_found(self.me, text)
        ]
        template = "partials/find_results.html" if request.headers.get("HX-Request") else "desk/find.html"
        return render(request, template, {"q": text, "results": results})


def _detail(student: Student) -> str:
    year = f"Year {student.year_group}" if student.year_group else ""
    return " · ".join(part for part in (getattr(student, "group_name", None) or "", year) if part)
