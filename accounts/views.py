"""The school's own settings, and the page that says who may do what."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.views.generic import FormView, TemplateView

from accounts.enums import Role
from accounts.forms import SchoolForm
from accounts.mixins import StaffPageMixin
from accounts.models import School
from accounts.permissions import Permission
from accounts.role_forms import RoleWordsForm
from accounts.selectors import permission_lines, reach_of
from accounts.services import change_school
from core.stale import StaleAwareMixin


class SchoolSettings(StaffPageMixin, StaleAwareMixin, FormView):  # type: ignore[type-arg]
    """Name and words of the school."""

    permission_required = Permission.CHANGE_SCHOOL
    template_name = "accounts/school_settings.html"
    form_class = SchoolForm
    success_url = reverse_lazy("accounts:school-settings")

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy: a refused name must not stand in the heading of the page that refuses it.
        return super().get_form_kwargs() | {"instance": School.objects.get(pk=self.school.pk)}

    def form_valid(self, form: Any) -> HttpResponse:
        change_school(form.instance, fields=form.changed_data, by=self.me)
        messages.success(self.request, "Saved. The new words stand on every page from now on.")
        return super().form_valid(form)


class RoleWordsPage(StaffPageMixin, StaleAwareMixin, FormView):  # type: ignore[type-arg]
    """What the school calls each role."""

    permission_required = Permission.CHANGE_SCHOOL
    template_name = "accounts/role_words.html"
    form_class = RoleWordsForm
    success_url = reverse_lazy("accounts:role-words")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": School.objects.get(pk=self.school.pk)}

    def form_valid(self, form: Any) -> HttpResponse:
        if form.changed_data:
            change_school(form.instance, fields=form.instance.call_roles(form.words), by=self.me)
        messages.success(self.request, "Saved. The new words stand on every page from now on.")
        return super().form_valid(form)


class PermissionTable(StaffPageMixin, TemplateView):
    """Who may do what: the table that the software itself asks."""

    permission_required = Permission.USE_WAYMARK
    template_name = "accounts/permission_table.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        roles = [{"label": self.school.called[role], "reach": reach_of(role)} for role in Role]
        return super().get_context_data(roles=roles, lines=permission_lines(), **kwargs)
