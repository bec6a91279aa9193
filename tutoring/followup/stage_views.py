"""School settings: the ladder of warnings."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.generic import CreateView, ListView, UpdateView

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.stale import StaleAwareMixin
from tutoring.followup.models import WarningStage
from tutoring.followup.selectors import stages_of
from tutoring.followup.services import save_stage
from tutoring.followup.stage_forms import StageForm


class StagePage(StaffPageMixin):
    """A page of the school's ladder."""

    permission_required = Permission.CHANGE_SCHOOL

    def get_queryset(self) -> QuerySet[WarningStage]:
        return stages_of(self.school)


class StageList(StagePage, ListView):  # type: ignore[type-arg]
    """All stages, the lowest first."""

    template_name = "followup/stage_list.html"
    context_object_name = "stages"


class StageSave(StagePage):
    """The form of one."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"school": self.school}  # type: ignore[misc,no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        stage = save_stage(by=self.me, stage=form.instance)
        messages.success(self.request, f"Saved: {stage}.")
        return redirect("followup:stage-list")


class StageCreate(StageSave, CreateView):  # type: ignore[type-arg]
    """A stage of the school's own."""

    template_name = "followup/stage_form.html"
    form_class = StageForm
    context_object_name = "stage"


class StageEdit(StageSave, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Another name, another time, other people, other words."""

    template_name = "followup/stage_form.html"
    form_class = StageForm
    context_object_name = "stage"
