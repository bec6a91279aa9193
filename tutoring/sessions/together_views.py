"""Logging a small group or a group tutorial: once for all who were there."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from students.models import Student
from students.selectors import students_on_roll
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import (
    groups_tutored_by,
    groups_visible_to,
    students_of_caseload,
    students_of_group,
    students_visible_to,
)
from tutoring.sessions.selectors import meetings_of
from tutoring.sessions.together_form import build_together_page
from tutoring.sessions.together_services import log_together


class TogetherCreate(StaffPageMixin, View):
    """A tutor group, or everybody of one's own; whoever was not there is unticked."""

    permission_required = Permission.LOG_SESSION

    def get(self, request: Any) -> HttpResponse:
        return self._answer()

    def post(self, request: Any) -> HttpResponse:
        return self._answer()

    def _answer(self) -> HttpResponse:
        groups = list(groups_visible_to(self.me, Permission.LOG_SESSION))
        group = self._chosen(groups)
        students = list(self._students(group))
        key = f"together:{group.pk if group else self.me.pk}"
        posted = self.request.POST if self.request.method == "POST" else None
        if posted is not None and not is_own_form(self.request):
            return refuse_form_of_another(self.request, key)
        page = build_together_page(self.me, self.school, key, students, self.request.GET.get("draft"), posted)
        if posted is not None and page.form.is_valid():
            entries = log_together(by=self.me, submission=page.draft.token, meeting=page.form.meeting())
            messages.success(self.request, f"Saved for {len(entries)} student{'' if len(entries) == 1 else 's'}.")
            return redirect("tutor_sessions:session-list")
        context = {"groups": groups, "group": group, "page": page, "students": students}
        context["meetings"] = meetings_of(self.me, students)
        return render(self.request, "tutor_sessions/together.html", context)

    def _chosen(self, groups: list[TutorGroup]) -> TutorGroup | None:
        """The group of the address; else the first one I tutor; None for all of my own."""
        wanted = self.request.GET.get("group")
        if wanted == "mine":
            return None
        if wanted:
            found = next((group for group in groups if str(group.pk) == wanted), None)
            if found is None:
                raise Http404("No such group")
            return found
        mine = set(groups_tutored_by(self.me))
        return next((group for group in groups if group in mine), None)

    def _students(self, group: TutorGroup | None) -> Any:
        chosen = students_of_group(group) if group else students_of_caseload(self.me)
        may = students_visible_to(self.me, Permission.LOG_SESSION)
        return students_on_roll(Student.objects.filter(pk__in=chosen.values("pk"))).filter(pk__in=may.values("pk"))
