"""Taking several students in, picked in one go, and one student's days in an intervention."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.ids import UUID
from tutoring.interventions import selectors, services
from tutoring.interventions.forms import MemberForm
from tutoring.interventions.models import Intervention, Member
from tutoring.interventions.views import InterventionPage
from tutoring.sessions.picking import Picking


class StudentChoose(Picking, View):
    """For a new one: what is ticked goes on in the address to the form, so the page works without a script."""

    permission_required = pick_for = Permission.RUN_INTERVENTION

    def get(self, request: Any) -> HttpResponse:
        context = self.context(request.GET, set()) | {"forward": reverse("interventions:create")}
        return render(request, "interventions/choose.html", context)


class StudentAdd(Picking, InterventionPage):
    """More students for one that runs."""

    pick_for = Permission.RUN_INTERVENTION

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        found = self.kept(pk)
        return self._page(found) if found.is_open else self.closed(found)

    def post(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        found = self.kept(pk)
        students = self.context(request.POST, set())["picked"]
        if request.POST.get("do") != "add":
            return self._page(found)
        try:
            number = services.take_in(by=self.me, intervention=found, students=students)
        except services.ClosedError:
            return self.closed(found)
        messages.success(request, f"{number} student{'' if number == 1 else 's'} added.")
        return redirect("interventions:detail", pk=pk)

    def _page(self, found: Intervention) -> HttpResponse:
        inside = {member.student_id for member in selectors.members_of(found)}
        context = self.context(self.request.POST, inside) | {"intervention": found}
        return render(self.request, "interventions/choose.html", context)


class MemberEdit(StaffPageMixin, View):
    """From when one student is in it; when and why they left early."""

    permission_required = Permission.USE_WAYMARK

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        member = self._member(pk)
        return self._page(member, MemberForm(instance=member))

    def post(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        member = self._member(pk)
        form = MemberForm(request.POST, instance=member)
        if not form.is_valid():
            return self._page(member, form)
        try:
            services.change_member(by=self.me, member=form.instance)
        except services.ClosedError:
            messages.info(request, "This one is evaluated already: it stays as it ended.")
        else:
            messages.success(request, "Saved.")
        return redirect("interventions:detail", pk=member.intervention_id)

    def _member(self, pk: UUID) -> Member:
        return get_object_or_404(selectors.members_kept(), pk=pk)

    def _page(self, member: Member, form: MemberForm) -> HttpResponse:
        context = {"member": member, "intervention": member.intervention, "student": member.student, "form": form}
        return render(self.request, "interventions/member.html", context, status=409 if form.is_stale else 200)
