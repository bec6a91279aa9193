"""School settings: rewards and sanctions, and how often planners are checked."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.generic import CreateView, ListView, UpdateView

from accounts.mixins import SettingsFormMixin, StaffPageMixin
from accounts.permissions import Permission
from core.stale import StaleAwareMixin
from tutoring.conduct import services, type_services
from tutoring.conduct.models import ConductType, PlannerRhythm
from tutoring.conduct.planner_forms import RhythmForm
from tutoring.conduct.planners import planner_rhythm
from tutoring.conduct.selectors import types_of
from tutoring.conduct.type_forms import TypeForm


class TypePage(StaffPageMixin):
    """A page of the school's list."""

    permission_required = Permission.CHANGE_SCHOOL

    def get_queryset(self) -> QuerySet[ConductType]:
        return types_of(self.school)


class TypeList(TypePage, ListView):  # type: ignore[type-arg]
    """Rewards first, then sanctions."""

    template_name = "conduct/type_list.html"
    context_object_name = "kinds"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rhythm=planner_rhythm(self.school), **kwargs)


class TypeFormMixin(SettingsFormMixin):
    """The form of one: whoever comes second to the same is told so at the form."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except services.RefusedError as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)  # type: ignore[attr-defined,no-any-return]


class TypeSave(TypePage, TypeFormMixin):
    """The form of one."""

    list_url, list_name, adding = "conduct:type-list", "Rewards and sanctions of the school", "Add a reward or sanction"

    def save(self, thing: ConductType) -> ConductType:
        return type_services.save_type(by=self.me, kind=thing)


class TypeCreate(TypeSave, CreateView):  # type: ignore[type-arg]
    """A reward or sanction of the school's own."""

    form_class = TypeForm


class TypeEdit(TypeSave, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Another name, other points, another house, out of use."""

    form_class = TypeForm


class RhythmEdit(StaffPageMixin, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """How many days of term lie between two planner checks."""

    permission_required = Permission.CHANGE_SCHOOL
    template_name = "conduct/rhythm_form.html"
    form_class = RhythmForm

    def get_object(self, queryset: Any = None) -> PlannerRhythm:
        return planner_rhythm(self.school)

    def form_valid(self, form: Any) -> HttpResponse:
        services.save_rhythm(by=self.me, rhythm=form.instance)
        messages.success(self.request, "Saved. What is due follows it from now on.")
        return redirect("conduct:type-list")
