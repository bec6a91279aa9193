"""Naming a mentor, saying it differently, ending it; and a mentor's own students."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import TemplateView, UpdateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.stale import StaleAwareMixin
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.referrals import mentoring
from tutoring.referrals.mentoring_forms import BeginForm, EndForm, MentoringForm
from tutoring.referrals.models import Mentoring


class Mentored(StaffPageMixin, TemplateView):
    """The students I mentor: what for, what they bring, when they were last seen."""

    permission_required = Permission.VIEW_STRATEGY
    template_name = "referrals/mentored.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mentorings=mentoring.mentorings_mine(self.me), **kwargs)


class MentoringBegin(StaffPageMixin, View):
    """A mentor for this student, from a day on."""

    permission_required = Permission.WRITE_STRATEGY

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        return self._page(pupil, self._form(pupil))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        form = self._form(pupil, request.POST)
        if not form.is_valid():
            return self._page(pupil, form)
        begun = mentoring.begin_mentoring(by=self.me, student=pupil, **form.cleaned_data)
        messages.success(request, f"{begun.mentor} mentors {pupil.preferred_forename} from now on.")
        return redirect("desk:student-strategies", pk=pupil.pk)

    def _student(self, pk: uuid.UUID) -> Student:
        theirs = students_visible_to(self.me, Permission.WRITE_STRATEGY)
        return get_object_or_404(theirs.select_related("school"), pk=pk)

    def _form(self, student: Student, data: Any = None) -> BeginForm:
        sent = data.get("submission", "") if data else ""
        # The same form again is no second mentor.
        now = [m for m in mentoring.mentorings_of(student) if m.until is None and str(m.submission) != sent]
        return BeginForm(data, people=list(mentoring.mentors_to_choose(student)), taken={one.mentor_id for one in now})

    def _page(self, student: Student, form: BeginForm) -> HttpResponse:
        return render(self.request, "referrals/mentoring_form.html", {"student": student, "form": form})


class _Changeable(StaffPageMixin):
    """One that goes on, for its mentor and for whoever names mentors of this student; 404 else."""

    permission_required = Permission.VIEW_STRATEGY

    def get_queryset(self) -> QuerySet[Mentoring]:
        return mentoring.mentorings_changeable(self.me)


class MentoringEdit(_Changeable, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Other words for what it is for and what the student brings."""

    template_name = "referrals/mentoring_form.html"
    form_class = MentoringForm
    context_object_name = "mentoring"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(student=self.object.student, end_form=EndForm(), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        kept = mentoring.change_mentoring(by=self.me, mentoring=form.instance)
        messages.success(self.request, "Saved.")
        return redirect("desk:student-strategies", pk=kept.student_id)


class MentoringEnd(_Changeable, View):
    """Over from today, with a line of what came of it."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        found, form = get_object_or_404(self.get_queryset(), pk=pk), EndForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Nothing was ended: choose what came of it from the list.")
            return redirect("referrals:mentoring-edit", pk=pk)
        if mentoring.end_mentoring(by=self.me, mentoring=found, words=form.cleaned_data["words"]):
            messages.success(
                request, f"Ended today. It stays among what {found.student.preferred_forename} had before."
            )
        return redirect("desk:student-strategies", pk=found.student_id)
