"""The bank of model plans: finding one, reading it, making and changing one, choosing one for a student."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.plans import bank, selectors
from tutoring.plans.bank_forms import OpenModel, build_model_form
from tutoring.plans.bank_services import save_model
from tutoring.plans.enums import Area
from tutoring.plans.models import ModelPlan


class ModelList(StaffPageMixin, View):
    """All that whoever looks may use, by area, each with how often it helped."""

    permission_required = Permission.VIEW_PLAN
    request: UserRequest

    def get(self, request: UserRequest, **kwargs: uuid.UUID) -> HttpResponse:
        return self._page()

    def _page(self, student: Student | None = None) -> HttpResponse:
        area = self.request.GET.get("area", "")
        models = list(bank.models_offered(self.school, area))
        uses = bank.uses_of(models)
        rows = [(model, uses.get(model.pk)) for model in models]
        context = {"rows": rows, "student": student, "area": area, "areas": Area.choices}
        return render(self.request, "plans/model_list.html", context)


class ModelChoose(ModelList):
    """The same for one student: the second click opens their new plan."""

    permission_required = Permission.MAKE_PLAN

    def get(self, request: UserRequest, **kwargs: uuid.UUID) -> HttpResponse:
        students = students_visible_to(request.user, Permission.MAKE_PLAN)
        return self._page(get_object_or_404(students, pk=kwargs["student"]))


class ModelDetail(StaffPageMixin, View):
    """What a model holds, why it should work, and what changed for those who had it."""

    permission_required = Permission.VIEW_PLAN

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        model = get_object_or_404(bank.models_readable(), pk=pk)
        context = {
            "model": model,
            "uses": bank.uses_of([model]).get(model.pk),
            "changes": bank.changes_with(model),
            "may_keep": bank.may_keep(request.user, model),
        }
        return render(request, "plans/model_detail.html", context)


class ModelForm(StaffPageMixin, View):
    """The form of one, empty, saved, or with what a plan says."""

    permission_required = Permission.MAKE_PLAN
    request: UserRequest

    def get(self, request: UserRequest, **kwargs: Any) -> HttpResponse:
        return self._page(self._opened(self.model(), token=request.GET.get("draft")))

    def post(self, request: UserRequest, **kwargs: Any) -> HttpResponse:
        begun = self.model()
        if not is_own_form(request):
            return refuse_form_of_another(request, self.key())
        opened = self._opened(begun, data=request.POST)
        if not opened.is_valid():
            return self._page(opened, status=409 if opened.form.is_stale else 200)
        model = save_model(by=self.me, model=opened.filled(), draft=opened.draft.token)
        messages.success(request, "Saved in the bank.")
        if names := bank.names_said(model, self.me):
            warning = f"It may name somebody: {', '.join(names)}. A model is read by others: take names out."
            messages.warning(request, warning)
        return redirect("plans:model-detail", pk=model.pk)

    def _opened(self, model: ModelPlan, **how: Any) -> OpenModel:
        return build_model_form(self.me, self.school, model, self.key(), **how)

    def _page(self, opened: OpenModel, status: int = 200) -> HttpResponse:
        return render(self.request, "plans/model_form.html", {"opened": opened}, status=status)

    def model(self) -> ModelPlan:
        """The one to be changed, or a new one."""
        return ModelPlan(school=self.school, author=self.me)

    def key(self) -> str:
        """The name of the draft."""
        return f"model:{self.school.pk}"


class ModelFromPlan(ModelForm):
    """A new one with what a plan says, without the student."""

    def model(self) -> ModelPlan:
        plans = selectors.plans_changeable(self.request.user)
        model = bank.model_from(get_object_or_404(plans, pk=self.kwargs["plan"]))
        model.school, model.author = self.school, self.me
        return model

    def key(self) -> str:
        return f"model-from:{self.kwargs['plan']}"


class ModelUpdate(ModelForm):
    """Change one, or put it away."""

    def model(self) -> ModelPlan:
        model = get_object_or_404(bank.models_readable(), pk=self.kwargs["pk"])
        if not bank.may_keep(self.me, model):
            raise PermissionDenied
        return model

    def key(self) -> str:
        return f"model-edit:{self.kwargs['pk']}"
