"""Who manages a member of staff: named on their page, and ended there."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import FormView, View

from accounts.lines import NoLineError, end_line, name_manager, take_line_off
from accounts.mixins import StaffPageMixin
from accounts.models import LineManager, User
from accounts.permissions import Permission
from tutoring.groups.day_forms import EndForm
from tutoring.groups.line_forms import LineForm


class LineName(StaffPageMixin, FormView):  # type: ignore[type-arg]
    """One more line manager of one colleague. It opens no student to anybody, so it asks for no fresh proof."""

    permission_required = Permission.MANAGE_STAFF
    template_name = "groups/line_name.html"
    form_class = LineForm

    @property
    def person(self) -> User:
        return get_object_or_404(User.objects.select_related("school"), pk=self.kwargs["pk"], school=self.school)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"data": super().get_form_kwargs().get("data"), "person": self.person}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.person, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        person = self.person
        try:
            line = name_manager(by=self.me, person=person, **form.cleaned_data)
        except NoLineError as error:
            form.add_error(error.field, str(error))
            return self.form_invalid(form)
        messages.success(self.request, f"{line.manager} manages {person} from {line.starts_on:%-d %B %Y}.")
        return redirect("groups:staff-member", pk=person.pk)


class LineEnd(StaffPageMixin, View):
    """The last day of one, or off the list at once where it began only today or has not begun."""

    permission_required = Permission.MANAGE_STAFF

    def post(self, request: HttpRequest, pk: uuid.UUID, line: uuid.UUID) -> HttpResponse:
        rows = LineManager.objects.not_over(timezone.localdate()).select_related("person", "manager")
        found = get_object_or_404(rows, pk=line, person=pk, school=self.school)
        form = EndForm(request.POST)
        try:
            if request.POST.get("then") == "remove":
                take_line_off(found, by=self.me)
                messages.success(request, f"{found.manager} is off the list.")
            elif form.is_valid():
                end_line(found, form.cleaned_data["last_day"], by=self.me)
                messages.success(request, f"{found.manager} manages {found.person} until {found.ends_on:%-d %B %Y}.")
            else:
                messages.error(request, "Say a last day: today or later, and within a year.")
        except NoLineError as error:
            messages.error(request, str(error))
        return redirect("groups:staff-member", pk=pk)
