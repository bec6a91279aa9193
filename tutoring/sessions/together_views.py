"""Logging what concerns several students once: a tutor group, a few picked from anywhere, siblings."""

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from accounts.drafts_views import is_own_form, refuse_form_of_another, safe_next
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Student
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import (
    groups_tutored_by,
    groups_visible_to,
    students_of_caseload,
    students_of_group,
    students_visible_to,
)
from tutoring.sessions.agreement_views import hint_at_reading_level
from tutoring.sessions.enums import Kind
from tutoring.sessions.log_form import meant_by
from tutoring.sessions.picking import Picking, students_named, students_to_pick
from tutoring.sessions.selectors import meetings_of
from tutoring.sessions.together_form import Circle
from tutoring.sessions.together_page import TogetherPage, build_together_page
from tutoring.sessions.together_services import SentBeforeError, log_together

LOG = Permission.LOG_SESSION
SENT_BEFORE = (
    "This form was sent before with other words or other students, and that stands. What you see is not saved yet: save"
    " it as an entry of its own, or change what stands."
)


class TogetherChoose(Picking, View):
    """Across tutor groups: whoever is ticked goes on in the address to the form."""

    permission_required = pick_for = LOG

    def get(self, request: Any) -> HttpResponse:
        context = self.context(request.GET, set()) | {"forward": reverse("tutor_sessions:together")}
        return render(request, "tutor_sessions/together_choose.html", context)


class TogetherCreate(StaffPageMixin, View):
    """Those named, if any; else a tutor group, where whoever was not there is unticked; else everybody of one's own."""

    permission_required = LOG

    def get(self, request: Any) -> HttpResponse:
        return self._answer()

    def post(self, request: Any) -> HttpResponse:
        return self._answer()

    def _answer(self) -> HttpResponse:
        groups = list(groups_visible_to(self.me, LOG))
        asked = {key for key in self.request.GET.getlist("student") if key}
        picked = students_named(self.me, LOG, asked)
        group = None if asked else self._chosen(groups)
        circle = self._circle(picked, group)
        key = f"together:{_key_of(asked) if asked else group.pk if group else self.me.pk}"
        posted = self.request.POST if self.request.method == "POST" else None
        if posted is not None and not is_own_form(self.request):
            return refuse_form_of_another(self.request, key)
        page = build_together_page(self.me, self.school, key, circle, self.request.GET.get("draft"), posted)
        if posted is not None and page.is_valid():
            try:
                return self._saved(page)
            except SentBeforeError:
                page = replace(page, draft=page.draft.renewed())
                messages.warning(self.request, SENT_BEFORE)
        students = list(circle.students)
        context = {
            "groups": groups, "group": group, "picked": picked, "page": page, "students": students,
            "meetings": meetings_of(self.me, students), "without": len(asked) - len(picked),
        }  # fmt: skip
        return render(self.request, "tutor_sessions/together.html", context)

    def _saved(self, page: TogetherPage) -> HttpResponse:
        meeting = page.meeting()
        entries = log_together(by=self.me, submission=page.draft.token, meeting=meeting)
        messages.success(self.request, f"Saved for {len(entries)} student{'' if len(entries) == 1 else 's'}.")
        if meeting.agreed:
            alone = len(meeting.there) == 1
            who = "" if alone else "the student of that entry"
            hint_at_reading_level(self.request, meeting.there[0], meeting.agreed, who)
        return redirect(safe_next(self.request, reverse("tutor_sessions:session-list")))

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

    def _circle(self, picked: list[Student], group: TutorGroup | None) -> Circle:
        """Ticked are a whole tutor group and whoever was ticked on the page before; of one's own caseload nobody."""
        students = picked or list(self._students(group))
        family = students_visible_to(self.me, Permission.VIEW_FAMILY).filter(pk__in=[s.pk for s in students])
        usual = Kind.GROUP if group else Kind.SMALL_GROUP
        reach = set(family.values_list("pk", flat=True)) if students else set()
        return Circle(students, usual, whole=bool(picked or group), family=reach, meant=meant_by(self.request.GET))

    def _students(self, group: TutorGroup | None) -> Any:
        chosen = students_of_group(group) if group else students_of_caseload(self.me)
        return students_to_pick(self.me, LOG).filter(pk__in=chosen.values("pk"))


def _key_of(asked: set[str]) -> UUID:
    """One draft for the same students, in whatever order they were picked."""
    return uuid.uuid5(uuid.NAMESPACE_OID, " ".join(sorted(asked)))
