"""School settings: what can be in the way, in the school's own words."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import CreateView, ListView, UpdateView, View

from accounts.mixins import SettingsFormMixin, StaffPageMixin
from accounts.permissions import Permission
from core.stale import StaleAwareMixin
from tutoring.plans.barrier_forms import BarrierForm
from tutoring.plans.barrier_services import keep_own_barriers, save_barrier
from tutoring.plans.models import Barrier
from tutoring.plans.selectors import barriers_listed, barriers_of


class BarrierPage(StaffPageMixin):
    """A page of the school's list."""

    permission_required = Permission.CHANGE_SCHOOL

    def get_queryset(self) -> QuerySet[Barrier]:
        return barriers_of(self.school)


class BarrierList(BarrierPage, ListView):  # type: ignore[type-arg]
    """The school's own list, or the common one that every school is offered."""

    template_name = "plans/barrier_list.html"
    context_object_name = "barriers"

    def get_queryset(self) -> QuerySet[Barrier]:
        return barriers_listed(self.school)


class BarrierKeep(BarrierPage, View):
    """From now on a list of the school's own: a copy of the common one to begin with."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if keep_own_barriers(by=self.me, school=self.school):
            messages.success(request, "The list is your own now: change it as you like.")
        return redirect("plans:barrier-list")


class BarrierSave(BarrierPage, SettingsFormMixin):
    """The form of one."""

    list_url, list_name, adding = "plans:barrier-list", "What can be in the way", "Add one"

    def save(self, thing: Barrier) -> Barrier:
        return save_barrier(by=self.me, barrier=thing)


class BarrierCreate(BarrierSave, CreateView):  # type: ignore[type-arg]
    """Something of the school's own; the common list is copied first, where it keeps none yet."""

    form_class = BarrierForm


class BarrierEdit(BarrierSave, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Other words, another area or place, or no longer offered."""

    form_class = BarrierForm
