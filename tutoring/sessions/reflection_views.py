"""Before a 1:1: the page in the student's hands, what they wrote before, and the school's questions."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import UpdateView, View

from accounts.mixins import ListedFormMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.mixins import PermissionRequiredMixin
from core.stale import StaleAwareMixin
from students.models import Student
from tutoring.sessions import handed_over, reflections
from tutoring.sessions.models import ReflectionSheet
from tutoring.sessions.reflection_forms import ReflectionForm, ReflectionSheetForm

SHOWN = 10


class OfStudent(PermissionRequiredMixin, View):
    """A page about one student whose 1:1s of the tutor team this person reads; 404 else."""

    permission_required = Permission.VIEW_TEAM_SESSION
    request: UserRequest

    def student(self, pk: uuid.UUID) -> Student:
        return get_object_or_404(reflections.students_who_reflect(self.request.user), pk=pk)


class Reflect(OfStudent):
    """The student's own page: a first name and the questions; nothing else of theirs, and no way on."""

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        if handed_over.handed_over(request) != student:
            return redirect("tutor_sessions:reflection-list", student=student)
        return self._page(pupil, self._form(pupil))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil, holds = self.student(student), handed_over.handed_over(request)
        if holds is None:
            return self._begin(request, pupil)
        if holds != student:
            return redirect(handed_over.BACK)
        form = self._form(pupil, request.POST)
        if not form.is_valid():
            return self._page(pupil, form)
        reflections.keep_reflection(
            by=request.user, student=pupil, submission=form.cleaned_data["submission"], **form.words()
        )
        return redirect(handed_over.BACK)

    def _begin(self, request: UserRequest, student: Student) -> HttpResponse:
        """The tutor gives the device away: only where it can be locked behind a proof of their own."""
        sent = "submission" in request.POST
        if not sent and "hand-over" not in request.POST:
            return redirect("tutor_sessions:reflection-list", student=student.pk)
        if not handed_over.can_be_locked(request.user):
            return handed_over.ask_for_lock(request)
        handed_over.begin(request, student.pk, page=handed_over.REFLECT)
        # Typed before the tutor was signed out: it stands there again, for the student to send.
        return self._page(student, self._form(student, request.POST)) if sent else redirect(request.path)

    def _form(self, student: Student, data: Any = None) -> ReflectionForm:
        return ReflectionForm(data, sheet=reflections.sheet_of(student.school))

    def _page(self, student: Student, form: ReflectionForm) -> HttpResponse:
        context = {"name": student.preferred_forename, "form": form, "student_pk": student.pk}
        return render(self.request, "tutor_sessions/reflect.html", context)


class ReflectionList(OfStudent):
    """All that a student wrote before their 1:1s, the latest first, and the button that hands the device over."""

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        reflections.record_reflections(pupil, by=request.user)
        page = Paginator(reflections.reflections_of(pupil), SHOWN).get_page(request.GET.get("page"))
        context = {"student": pupil, "page_obj": page, "sheet": reflections.sheet_of(pupil.school)}
        return render(request, "tutor_sessions/reflection_list.html", context)


class ReflectionSheetEdit(ListedFormMixin, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """What the school asks."""

    permission_required = Permission.CHANGE_SCHOOL
    form_class = ReflectionSheetForm
    list_url, list_name, adding = "tutor_sessions:kind-list", "Kinds of sessions", "Before a 1:1"

    def get_object(self, queryset: Any = None) -> ReflectionSheet:
        return reflections.sheet_of(self.school)

    def form_valid(self, form: Any) -> HttpResponse:
        reflections.save_sheet(sheet=form.instance, by=self.me)
        messages.success(self.request, "Saved. Students are asked this from now on.")
        return redirect(self.list_url)
