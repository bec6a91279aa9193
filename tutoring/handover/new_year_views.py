"""The new school year: preview, doing it, undoing it, and beginning it where it did not begin by itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from tutoring.handover import new_year_services as services
from tutoring.handover.models import Rollover
from tutoring.handover.new_year import Plan, plan_of, rollover_of, years_of
from tutoring.handover.new_year_forms import PlanForm, mark_of_plan
from tutoring.handover.services import RefusedError


class NewYear(StaffPageMixin, View):
    """One page: nothing begun, a preview that can be edited, or what was done with its undo."""

    permission_required = Permission.IMPORT_DATA

    def get(self, request: Any) -> HttpResponse:
        rollover = rollover_of(self.school, timezone.localdate())
        if rollover is None or rollover.is_done:
            return self._page(rollover)
        plan = plan_of(rollover, timezone.localdate())
        return self._page(rollover, plan, self._form(plan))

    def post(self, request: Any) -> HttpResponse:
        rollover = rollover_of(self.school, timezone.localdate())
        then = request.POST.get("then", "")
        try:
            if then == "begin":
                services.begin_rollover(by=self.me, school=self.school)
            elif rollover is not None and then == "undo":
                services.undo_rollover(by=self.me, rollover=rollover)
                messages.success(request, "Undone. Everything is as it was before.")
            elif rollover is not None and then == "start":
                moved = services.start_year(by=self.me, rollover=rollover)
                messages.success(request, f"The new year has begun: {moved} students moved up.")
            elif rollover is not None and not rollover.is_done:
                return self._planned(rollover, do=then == "do")
        except RefusedError as error:
            messages.error(request, str(error))
        return redirect("handover:new-year")

    def _planned(self, rollover: Rollover, *, do: bool) -> HttpResponse:
        """Keeps what was edited; does it only where that is what the person had been shown."""
        before = plan_of(rollover, timezone.localdate())
        form = self._form(before, self.request.POST)
        if not form.is_valid():
            return self._page(rollover, before, form)
        services.keep_plan(by=self.me, rollover=rollover, plan=form.plan(), leaving=form.cleaned_data["leaving"])
        plan = plan_of(rollover, timezone.localdate())
        if do and form.cleaned_data["shown"] != mark_of_plan(plan):
            messages.info(self.request, "This is what it does now, with your changes. Look once more, then do it.")
        elif do:
            services.do_rollover(by=self.me, rollover=rollover)
            messages.success(self.request, f"Done. Nothing moves before {plan.first_day:%-d %B %Y}.")
        return redirect("handover:new-year")

    def _form(self, plan: Plan, data: Any = None) -> PlanForm:
        today = timezone.localdate()
        return PlanForm(data, plan=plan, years=years_of(self.school, today), day=plan.first_day or today)

    def _page(self, rollover: Rollover | None, plan: Plan | None = None, form: PlanForm | None = None) -> HttpResponse:
        today = timezone.localdate()
        begun = bool(rollover and rollover.first_day and rollover.first_day <= today)
        context = {"rollover": rollover, "plan": plan, "form": form, "begun": begun}
        return render(self.request, "handover/new_year.html", context)
