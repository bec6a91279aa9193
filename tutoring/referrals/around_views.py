"""Adding and changing somebody around a student, and naming the key person."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import CreateView, UpdateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.stale import StaleAwareMixin
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.referrals import around
from tutoring.referrals.around_forms import KeyPersonForm, PersonForm
from tutoring.referrals.models import PersonAround
from tutoring.referrals.selectors import people_to_hold


class PersonSave(StaffPageMixin):
    """The form of one."""

    permission_required = Permission.MAKE_REFERRAL
    kwargs: dict[str, Any]

    def get_queryset(self) -> QuerySet[PersonAround]:
        return around.people_editable(self.me)

    def student(self) -> Student:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"student": self.student()}  # type: ignore[misc,no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(student=self.student(), **kwargs)  # type: ignore[misc,no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        person = around.save_person(by=self.me, person=form.instance)
        messages.success(self.request, f"Saved: {person.name}.")
        return redirect("desk:student-family", pk=person.student_id)


class PersonCreate(PersonSave, CreateView):  # type: ignore[type-arg]
    """Somebody new around a student."""

    template_name = "referrals/person_form.html"
    form_class = PersonForm
    context_object_name = "person"

    def student(self) -> Student:
        seen = students_visible_to(self.me, Permission.MAKE_REFERRAL)
        return get_object_or_404(seen.select_related("school"), pk=self.kwargs["student"])


class PersonEdit(PersonSave, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Another number, other consent, or no longer concerned."""

    template_name = "referrals/person_form.html"
    form_class = PersonForm
    context_object_name = "person"

    def student(self) -> Student:
        found: Student = self.object.student
        return found


class KeyPersonSet(StaffPageMixin, View):
    """Who keeps it together from today on."""

    permission_required = Permission.MAKE_REFERRAL
    http_method_names = ["post"]

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = get_object_or_404(students_visible_to(self.me, Permission.MAKE_REFERRAL), pk=student)
        form = KeyPersonForm(request.POST, people=list(people_to_hold(pupil)), now=None)
        if not form.is_valid():
            messages.info(request, "Choose somebody who may read what there is to keep together.")
        elif around.name_key_person(by=self.me, student=pupil, to=form.cleaned_data["to"]):
            messages.success(
                request, f"{form.cleaned_data['to'] or 'Whoever has their group'} is the key person from today."
            )
        return redirect("desk:student-family", pk=pupil.pk)
