"""Steps of a plan: tick one off, undo it, say how it is going, move its day, say it is no longer needed."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from accounts.drafts_views import safe_next
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.mixins import PermissionRequiredMixin
from tutoring.plans import selectors, services, sign_off
from tutoring.plans.forms import StepUpdateForm
from tutoring.plans.models import PlanStep


class StepView(PermissionRequiredMixin, View):
    """A page about one step that whoever acts may read: of a plan of theirs, or theirs to do."""

    permission_required = Permission.LOG_SESSION
    request: UserRequest

    def step(self, pk: uuid.UUID) -> PlanStep:
        return get_object_or_404(selectors.steps_readable(), pk=pk)

    def back(self, step: PlanStep) -> str:
        if selectors.plans_readable().filter(pk=step.plan_id).exists():
            return safe_next(self.request, reverse("plans:plan-detail", args=[step.plan_id]))
        return safe_next(self.request, reverse("desk:student-story", args=[step.student_id]))


class StepDone(StepView):
    """One tap: done. The same address with `undo` takes it back."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        step = self.step(pk)
        try:
            change = services.reopen_step if "undo" in request.POST else services.finish_step
            change(by=request.user, step=step)
        except services.ClosedError:
            messages.info(request, "This plan is closed; it stays as it ended.")
            return redirect(self.back(step))
        if request.headers.get("HX-Request"):
            return render(request, "plans/_step.html", {"step": step, "next": request.POST.get("next", "")})
        messages.success(request, "Step is open again." if step.is_open else f"Done: {step.text}")
        return redirect(self.back(step))


class StepAgree(StepView):
    """ "I do this", said by the colleague it was given to and by nobody else; once."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        step = self.step(pk)
        if step.owner_staff_id != request.user.pk:
            raise PermissionDenied("Nobody agrees for somebody else.")
        if sign_off.agree_step(by=request.user, step=step):
            messages.success(request, f"You do this: {step.text}")
        else:
            messages.info(request, "There was nothing left to say yes to: it was said before, or the step has changed.")
        return redirect(self.back(step))


class StepUpdate(StepView):
    """How it is going, a new day, or no longer needed."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        step = self.step(pk)
        return self._page(step, StepUpdateForm(instance=step))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        step = self.step(pk)
        form = StepUpdateForm(request.POST, instance=step)
        if not form.is_valid():
            return self._page(step, form, status=409 if form.is_stale else 200)
        services.update_step(by=request.user, step=self.step(pk), **form.cleaned_data)
        messages.success(request, "Step changed.")
        return redirect(self.back(step))

    def _page(self, step: PlanStep, form: StepUpdateForm, status: int = 200) -> HttpResponse:
        context = {"step": step, "form": form, "student": step.student}
        return render(self.request, "plans/step_form.html", context, status=status)
