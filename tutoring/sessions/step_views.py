"""Next steps: tick one off, undo it, say how it is going."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from accounts.drafts_views import safe_next
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.mixins import PermissionRequiredMixin
from tutoring.sessions import selectors, services
from tutoring.sessions.forms import StepUpdateForm
from tutoring.sessions.models import NextStep


class StepView(PermissionRequiredMixin, View):
    """A page about one step that this person may read."""

    permission_required = Permission.LOG_SESSION
    request: UserRequest

    def step(self, pk: uuid.UUID) -> NextStep:
        steps = selectors.steps_readable(self.request.user).select_related("student", "owner_staff")
        return get_object_or_404(steps, pk=pk)

    def back(self, step: NextStep) -> str:
        return safe_next(self.request, reverse("desk:student-story", args=[step.student_id]))


class StepDone(StepView):
    """One tap: done. The same address with `undo` takes it back."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        step = self.step(pk)
        change = services.reopen_step if "undo" in request.POST else services.finish_step
        change(by=request.user, step=step)
        if request.headers.get("HX-Request"):
            return render(request, "tutor_sessions/_step.html", {"step": step, "next": request.POST.get("next", "")})
        messages.success(request, "Step is open again." if step.done_on is None else f"Done: {step.text}")
        return redirect(self.back(step))


class StepUpdate(StepView):
    """How it is going, and a new day."""

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

    def _page(self, step: NextStep, form: StepUpdateForm, status: int = 200) -> HttpResponse:
        context = {"step": step, "form": form, "student": step.student}
        return render(self.request, "tutor_sessions/step_form.html", context, status=status)
