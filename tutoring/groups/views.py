"""Who works at the school, in which roles and with which groups."""

from typing import Any

from django.db.models import QuerySet
from django.views.generic import ListView

from accounts.mixins import StaffPageMixin
from accounts.models import User
from accounts.permissions import Permission
from tutoring.groups.roles import role_lines
from tutoring.groups.selectors import staff_with_groups


class StaffList(StaffPageMixin, ListView):  # type: ignore[type-arg]
    """All staff with their roles, houses, years and groups of today."""

    permission_required = Permission.CHANGE_SCHOOL
    template_name = "groups/staff_list.html"
    context_object_name = "staff"
    paginate_by = 100

    def get_queryset(self) -> QuerySet[User]:
        return staff_with_groups(self.school)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for person in context["staff"]:
            person.lines = role_lines(person.held)
        return context
