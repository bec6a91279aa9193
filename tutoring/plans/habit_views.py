"""One tap: a habit was kept today or this week, or it was not."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import View

from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.mixins import PermissionRequiredMixin
from tutoring.plans.habit_services import say_habit
from tutoring.plans.habits import day_for, habits_changeable


class HabitSay(PermissionRequiredMixin, View):
    """Kept or not kept; tapped again, the last tap counts."""

    permission_required = Permission.MAKE_PLAN
    http_method_names = ["post"]
    request: UserRequest

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        target = get_object_or_404(habits_changeable(request.user), pk=pk)
        day = day_for(target, target.student.school, timezone.localdate())
        said = request.POST.get("kept")
        if day is None or said not in ("yes", "no"):
            messages.info(request, "Nothing was noted: there is no school day to note it for.")
        else:
            say_habit(by=request.user, target=target, day=day, kept=said == "yes")
            messages.success(request, "Noted: kept." if said == "yes" else "Noted: not kept. Tomorrow is another day.")
        return redirect("plans:plan-detail", pk=target.plan_id)
