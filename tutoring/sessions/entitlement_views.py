"""What each student is promised: the school's rule, and who is left out of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.views.generic import UpdateView, View

from accounts.drafts_views import safe_next
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.mixins import PermissionRequiredMixin
from core.stale import StaleAwareMixin
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.sessions import services
from tutoring.sessions.entitlement_forms import EntitlementForm, ExemptionForm
from tutoring.sessions.models import Entitlement, Exemption
from tutoring.sessions.owed import entitlement_of


class EntitlementEdit(StaffPageMixin, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """How many sessions a term, and which years are exempt."""

    permission_required = Permission.CHANGE_SCHOOL
    template_name = "tutor_sessions/entitlement_form.html"
    form_class = EntitlementForm
    success_url = reverse_lazy("tutor_sessions:kind-list")

    def get_object(self, queryset: Any = None) -> Entitlement:
        return entitlement_of(self.school)

    def form_valid(self, form: Any) -> HttpResponse:
        services.save_entitlement(rule=form.instance, by=self.me)
        messages.success(self.request, "Saved. “This term” reckons with it from now on.")
        return redirect(self.get_success_url())


class ExemptionEdit(PermissionRequiredMixin, View):
    """Leave one student out, say so differently, or take it back (`remove`)."""

    permission_required = Permission.EXEMPT_STUDENT
    request: UserRequest

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        student = self._student(pk)
        return self._page(student, ExemptionForm(instance=self._found(student)))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        student = self._student(pk)
        found = self._found(student)
        if "remove" in request.POST:
            services.lift_exemption(student=student, by=request.user)
            messages.success(request, f"{student.preferred_forename} is to be seen as everybody is.")
            return redirect(self._back())
        form = ExemptionForm(request.POST, instance=found or Exemption(student=student, made_by=request.user))
        if not form.is_valid():
            return self._page(student, form, status=409 if form.is_stale else 200)
        services.exempt_student(exemption=form.instance, by=request.user)
        messages.success(request, f"{student.preferred_forename} is left out this term.")
        return redirect(self._back())

    def _student(self, pk: uuid.UUID) -> Student:
        return get_object_or_404(students_visible_to(self.request.user, Permission.EXEMPT_STUDENT), pk=pk)

    def _found(self, student: Student) -> Exemption | None:
        return Exemption.objects.filter(student=student).first()

    def _back(self) -> str:
        return safe_next(self.request, str(reverse_lazy("tutor_sessions:session-list")))

    def _page(self, student: Student, form: ExemptionForm, status: int = 200) -> HttpResponse:
        context = {"student": student, "form": form, "back": self._back(), "exempt": self._found(student)}
        return render(self.request, "tutor_sessions/exemption_form.html", context, status=status)
