"""Interventions: the list, one of them, setting one up and changing it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView, View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.selectors import staff_of
from audit.services import record
from core.ids import UUID
from tutoring.interventions import selectors, services
from tutoring.interventions.forms import InterventionForm
from tutoring.interventions.impact import impact_of
from tutoring.interventions.models import Intervention

SHOWN, MEETINGS = 80, 30


class InterventionList(StaffPageMixin, TemplateView):
    """Those that run, the longest past their day first; then what became of others."""

    permission_required = Permission.USE_WAYMARK
    template_name = "interventions/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(selectors.interventions_listed()[:SHOWN])
        running, over = [r for r in rows if r.is_open], [r for r in rows if not r.is_open]
        return super().get_context_data(running=running, over=over, **kwargs)


class InterventionPage(StaffPageMixin, View):
    """One of those whoever acts may read."""

    permission_required = Permission.USE_WAYMARK

    def intervention(self, pk: UUID) -> Intervention:
        return get_object_or_404(selectors.interventions_readable(), pk=pk)

    def kept(self, pk: UUID) -> Intervention:
        """One that whoever acts changes: the lead, whoever set it up, and those who keep all of the school's."""
        found = self.intervention(pk)
        if not vars(found)["kept"]:
            raise PermissionDenied("An intervention is changed by whoever leads it or set it up.")
        return found

    def closed(self, intervention: Intervention) -> HttpResponse:
        messages.info(self.request, "This one is evaluated already: it stays as it ended.")
        return redirect("interventions:detail", pk=intervention.pk)


class InterventionDetail(InterventionPage):
    """What it is, the students one sees with the dose of each, the meetings, before and since, how it ended."""

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        found = self.intervention(pk)
        members = list(selectors.members_of(found))
        record("intervention.opened", by=self.me, obj=found)
        context = {
            "intervention": found,
            "members": members,
            "helpers": selectors.helpers_of(found),
            "meetings": selectors.meetings_listed(found)[:MEETINGS],
            "impact": impact_of(found, members, self.school),
            "missing": [member for member in members if member.outcome is None],
        }
        return render(request, "interventions/detail.html", context)


class InterventionForms(InterventionPage):
    """The long form with its draft; `found` where one stands already."""

    def page(self, found: Intervention | None, form: InterventionForm | None = None, draft: Any = None) -> HttpResponse:
        draft = draft or drafts.open_form(self.me, self.key(found), drafts.token_from(self.request.GET.get("draft")))
        form = form or self.form(found, draft)
        context = {"intervention": found, "form": form, "draft": draft, "back": reverse("interventions:list")}
        context["save_url"] = reverse("accounts:draft-save", args=[draft.form])
        status = 409 if form.is_stale else 200
        return render(self.request, "interventions/form.html", context, status=status)

    def key(self, found: Intervention | None) -> str:
        return f"intervention:{found.pk if found else 'new'}"

    def form(self, found: Intervention | None, draft: drafts.OpenForm, data: Any = None) -> InterventionForm:
        picked = self._picked(data, draft)
        students = selectors.students_to_take(self.me).filter(pk__in=picked) if found is None else None
        begun: dict[str, Any] = (
            {"helpers": [h.pk for h in selectors.helpers_of(found)]} if found else {"lead": self.me.pk}
        )
        return InterventionForm(
            data, instance=found, staff=staff_of(self.school),
            needs=selectors.needs_offered(self.school, found), students=students,
            typed=draft.fields, begun=begun | {"students": picked},
        )  # fmt: skip

    def _picked(self, data: Any, draft: drafts.OpenForm) -> list[UUID]:
        """Whom the address names, else the form sent, else the draft."""
        said = self.request.GET.getlist("student") or (
            data.getlist("students") if data else draft.fields.get("students")
        )
        return [key for text in said or [] if (key := drafts.token_from(text))]


class InterventionCreate(InterventionForms):
    """A new one, with the students that were picked; of a form sent twice there is one."""

    permission_required = Permission.RUN_INTERVENTION

    def get(self, request: Any) -> HttpResponse:
        return self.page(None)

    def post(self, request: Any) -> HttpResponse:
        if not is_own_form(request):
            return refuse_form_of_another(request, self.key(None))
        draft = drafts.reopen_form(self.me, self.key(None), request.POST)
        form = self.form(None, draft, request.POST)
        if not form.is_valid():
            return self.page(None, form, draft)
        said = form.cleaned_data
        made = services.set_up(
            by=self.me, submission=draft.token, fields=form.fields_said(), helpers=said["helpers"],
            students=said.get("students", []),
        )  # fmt: skip
        messages.success(request, "Set up. Log each meeting here: everybody is there unless you say otherwise.")
        return redirect("interventions:detail" if said.get("students") else "interventions:add", pk=made.pk)


class InterventionUpdate(InterventionForms):
    """The same form over one that runs."""

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        found = self.kept(pk)
        return self.page(found) if found.is_open else self.closed(found)

    def post(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        found = self.kept(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, self.key(found))
        draft = drafts.reopen_form(self.me, self.key(found), request.POST)
        form = self.form(found, draft, request.POST)
        if not form.is_valid():
            return self.page(found, form, draft)
        try:
            services.change_intervention(
                by=self.me, intervention=form.instance, helpers=form.cleaned_data["helpers"], draft=draft.token
            )
        except services.ClosedError:
            return self.closed(found)
        messages.success(request, "Saved.")
        return redirect("interventions:detail", pk=pk)
