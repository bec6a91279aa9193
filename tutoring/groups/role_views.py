"""One member of staff: roles with houses, years and groups; a role given, and some ended."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import DetailView, FormView

from accounts.lines import lines_of
from accounts.mixins import StaffPageMixin
from accounts.models import Membership, User
from accounts.permissions import Permission
from accounts.step_up import StepUpRequiredMixin
from tutoring.groups.role_forms import RoleForm, RolesEndForm
from tutoring.groups.roles import NoRoleError, end_roles, give_role, role_lines, roles_open
from tutoring.groups.selectors import staff_with_roles


class StaffMember(StaffPageMixin, DetailView):  # type: ignore[type-arg]
    """What somebody does here, today and soon; who manages them, and whom they manage."""

    permission_required = Permission.MANAGE_STAFF
    template_name = "groups/staff_member.html"
    context_object_name = "person"
    object: User

    def get_queryset(self) -> QuerySet[User]:
        return staff_with_roles(self.school)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_self, today = self.object.pk == self.me.pk, timezone.localdate()
        both = lines_of(self.object, today)
        return super().get_context_data(
            above=[line for line in both if line.person_id == self.object.pk],
            below=[line for line in both if line.manager_id == self.object.pk],
            today=today,
            lines=role_lines(vars(self.object)["held"]),
            may_give=not is_self and self.me.has_perm(Permission.IMPORT_DATA),
            is_self=is_self,
            **kwargs,
        )


class RoleGive(StaffPageMixin, StepUpRequiredMixin, FormView):  # type: ignore[type-arg]
    """One role, for as many houses and years as are ticked; it opens students to somebody: only after fresh proof."""

    permission_required = Permission.IMPORT_DATA
    template_name = "groups/role_form.html"
    form_class = RoleForm

    @property
    def person(self) -> User:
        return get_object_or_404(User, pk=self.kwargs["pk"], school=self.school)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {"data": kwargs.get("data"), "school": self.school}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.person, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        person = self.person
        try:
            made = give_role(by=self.me, person=person, **form.cleaned_data)
        except NoRoleError as error:
            form.add_error(error.field, str(error))
            return self.form_invalid(form)
        rows = Membership.objects.filter(pk__in=[one.pk for one in made]).select_related("house", "school")
        line = role_lines(rows.order_by("house__name", "year_group"))[0]
        where = f", {line.places}" if line.places else ""
        messages.success(self.request, f"{person}: {line.called}{where}, from {line.first.starts_on:%-d %B %Y}.")
        return redirect("groups:staff-member", pk=person.pk)


class RoleEnd(StaffPageMixin, StepUpRequiredMixin, FormView):  # type: ignore[type-arg]
    """Any of somebody's roles, several in one choice. It takes students from somebody, so it asks for a fresh proof as
    giving does."""

    permission_required = Permission.IMPORT_DATA
    template_name = "groups/role_end.html"
    form_class = RolesEndForm

    @cached_property
    def person(self) -> User:
        return get_object_or_404(staff_with_roles(self.school), pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        lines = role_lines(one for one in vars(self.person)["held"] if not one.stands_in_for_id)
        return {
            "data": super().get_form_kwargs().get("data"),
            "lines": lines,
            "asked": self.request.GET.get("role", ""),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.person, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        rows = roles_open(self.school).filter(user=self.person, pk__in=form.cleaned_data["roles"])
        try:
            ended = end_roles(by=self.me, memberships=rows.select_related("user", "school").order_by("role", "pk"))
        except NoRoleError as error:
            form.add_error("roles", str(error))
            return self.form_invalid(form)
        messages.success(self.request, f"{self.person} is no longer {'; '.join(ended)}. What they wrote stays.")
        return redirect("groups:staff-member", pk=self.person.pk)
