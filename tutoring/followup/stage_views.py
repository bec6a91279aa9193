"""School settings: the ladder of warnings."""

from django.db.models import QuerySet
from django.views.generic import CreateView, ListView, UpdateView

from accounts.mixins import SettingsFormMixin, StaffPageMixin
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


class StageSave(StagePage, SettingsFormMixin):
    """The form of one."""

    list_url, list_name, adding = "followup:stage-list", "Warnings", "Add a stage"

    def save(self, thing: WarningStage) -> WarningStage:
        return save_stage(by=self.me, stage=thing)


class StageCreate(StageSave, CreateView):  # type: ignore[type-arg]
    """A stage of the school's own."""

    form_class = StageForm


class StageEdit(StageSave, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Another name, another time, other people, other words."""

    form_class = StageForm
