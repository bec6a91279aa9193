"""Planner checks: which groups are due, the grid, and what a check said before it was corrected."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.ids import UUID
from tutoring.conduct import planners
from tutoring.conduct.history import corrections_of, said
from tutoring.conduct.models import PlannerCheck
from tutoring.conduct.planner_forms import CHOICES, GridForm
from tutoring.conduct.services import OtherwiseMeanwhileError, RefusedError, save_check
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import groups_tutored_by
from tutoring.groups.switcher import opened, switcher


class PlannerList(StaffPageMixin, TemplateView):
    """One's own groups first, then those one leads over; each with how it stands and whose planner keeps failing."""

    permission_required = Permission.CHECK_PLANNERS
    template_name = "conduct/planner_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = list(planners.groups_to_check(self.me))
        own = set(groups_tutored_by(self.me).values_list("pk", flat=True))
        doors = switcher([(group.pk, group.name) for group in groups if group.pk in own], self.request.GET.get("group"))
        if chosen := opened(doors):
            groups = [group for group in groups if str(group.pk) == chosen]
        keys = [group.pk for group in groups]
        stand = planners.standings(keys, timezone.localdate())
        checks = planners.latest_checks(keys)
        rows = [
            (group, stand.get(group.pk), checks.get(group.pk, []), planners.runs_of(checks.get(group.pk, [])))
            for group in sorted(groups, key=lambda group: group.pk not in own)
        ]
        return super().get_context_data(rows=rows, own=own, doors=doors, in_term=bool(stand) or not groups, **kwargs)


class GridPage(StaffPageMixin, View):
    """The grid of one group on one day."""

    permission_required = Permission.CHECK_PLANNERS

    def group_and_day(self, pk: UUID) -> tuple[TutorGroup, Any]:
        raise NotImplementedError

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        return self._answer(pk)

    def post(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        return self._answer(pk)

    def _answer(self, pk: UUID) -> HttpResponse:
        group, day = self.group_and_day(pk)
        check = planners.check_on(group, day)
        form = self._form(group, day, check)
        if not (form.is_bound and form.is_valid()):
            return self._page(group, day, check, form)
        given = form.cleaned_data
        try:
            saved = save_check(
                by=self.me, group=group, day=day, submission=given["submission"], found=form.found,
                opened_with=given["opened_with"],
            )  # fmt: skip
        except OtherwiseMeanwhileError as meanwhile:
            return self._meanwhile(group, day, check, form, meanwhile.now)
        except RefusedError as refused:
            form.add_error(None, str(refused))
            return self._page(group, day, check, form, status=409)
        number = len(form.found)
        messages.success(self.request, f"{group}: saved, {number or 'no'} exception{'' if number == 1 else 's'}.")
        return redirect("conduct:planner-detail", pk=saved.check.pk)

    def _form(self, group: TutorGroup, day: Any, check: PlannerCheck | None) -> GridForm:
        students = planners.students_to_check(self.me, group, day)
        before = planners.latest_checks([group.pk], before=day).get(group.pk, [])
        return GridForm(
            self.request.POST if self.request.method == "POST" else None,
            students=students,
            now=planners.state_of(check),
            away=planners.away_on(students, day),
            runs={run.student.pk: run for run in planners.runs_of(before, least=1)},
            is_new=check is None,
        )

    def _meanwhile(
        self, group: TutorGroup, day: Any, check: PlannerCheck | None, form: GridForm, now: planners.State
    ) -> HttpResponse:
        """Both states: theirs in words, one's own still in the grid; sending it again is a choice."""
        names = {student.pk: student.name for student in form.students}
        theirs = "; ".join(f"{names.get(key, 'Somebody')}: {said(*found)}" for key, found in now.items())
        form.add_error(
            None,
            "This check was saved in another window meanwhile, so nothing was saved yet. It now says – "
            f"{theirs or 'everybody fine'}. Your own marks are still below: bring the two together, then save again.",
        )
        renewed: Any = self.request.POST.copy()
        renewed["opened_with"] = planners.mark_of_state(now)
        form.data = renewed
        return self._page(group, day, check, form, status=409)

    def _page(
        self, group: TutorGroup, day: Any, check: PlannerCheck | None, form: GridForm, status: int = 200
    ) -> HttpResponse:
        context = {"group": group, "day": day, "check": check, "form": form, "choices": CHOICES}
        context["by_another"] = check is not None and check.by_id != self.me.pk
        return render(self.request, "conduct/planner_grid.html", context, status=status)


class PlannerGrid(GridPage):
    """Today's check of a group."""

    def group_and_day(self, pk: UUID) -> tuple[TutorGroup, Any]:
        return get_object_or_404(planners.groups_to_check(self.me), pk=pk), timezone.localdate()


class PlannerCorrect(GridPage):
    """A check of one's own, whatever its day."""

    def group_and_day(self, pk: UUID) -> tuple[TutorGroup, Any]:
        check = get_object_or_404(planners.checks_readable(), pk=pk)
        if check.by_id != self.me.pk:
            raise Http404("Not yours to correct")
        return check.group, check.day


class PlannerDetail(StaffPageMixin, View):
    """One check: who was not fine, and what it said before."""

    permission_required = Permission.CHECK_PLANNERS

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        check = get_object_or_404(planners.checks_readable(), pk=pk)
        context = {
            "check": check,
            "exceptions": planners.exceptions_of(check),
            "corrections": corrections_of(check),
            "is_mine": check.by_id == self.me.pk,
        }
        return render(request, "conduct/planner_detail.html", context)
