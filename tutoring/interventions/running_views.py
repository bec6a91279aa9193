"""While it runs and when it ends: its meetings, entry and exit, the evaluation."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from core.ids import UUID
from tutoring.interventions import selectors, services
from tutoring.interventions.meeting_forms import MeetingForm
from tutoring.interventions.models import Intervention, Sitting
from tutoring.interventions.outcome_forms import EvaluateForm, MeasuresForm
from tutoring.interventions.views import InterventionPage


class MeetingCreate(InterventionPage):
    """Everybody came unless unticked; the minutes as planned unless said."""

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        found = self._run(pk)
        return self._page(found, self._form(found)) if found.is_open else self.closed(found)

    def post(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        found = self._run(pk)
        if not found.is_open:
            return self.closed(found)
        form = self._form(found, request.POST)
        if not form.is_valid():
            return self._page(found, form)
        services.log_meeting(
            by=self.me, intervention=found, submission=form.cleaned_data["submission"], fields=form.fields_said(),
            came=form.came(),
        )  # fmt: skip
        messages.success(request, "Logged for everybody in it.")
        return redirect("interventions:detail", pk=pk)

    def _run(self, pk: UUID) -> Intervention:
        found = self.intervention(pk)
        if not vars(found)["run"]:
            raise PermissionDenied("Meetings are logged by whoever leads it or helps.")
        return found

    def _form(self, found: Intervention, data: Any = None) -> MeetingForm:
        members = list(selectors.members_of(found))
        return MeetingForm(data, instance=None, members=members, came={}, minutes=found.minutes)

    def _page(self, found: Intervention, form: MeetingForm) -> HttpResponse:
        context = {"intervention": found, "form": form, "title": "Log a meeting"}
        return render(self.request, "interventions/meeting.html", context)


class MeetingEdit(InterventionPage):
    """Something was ticked wrongly: whoever logged it puts it right; the history keeps what stood before."""

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        meeting = self._meeting(pk)
        return self._page(meeting, self._form(meeting)) if meeting.intervention.is_open else self._over(meeting)

    def post(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        meeting = self._meeting(pk)
        if not meeting.intervention.is_open:
            return self._over(meeting)
        form = self._form(meeting, request.POST)
        if not form.is_valid():
            return self._page(meeting, form)
        services.correct_meeting(by=self.me, meeting=form.instance, came=form.came())
        messages.success(request, "Put right.")
        return redirect("interventions:detail", pk=meeting.intervention_id)

    def _meeting(self, pk: UUID) -> Sitting:
        return get_object_or_404(selectors.meetings_by(self.me), pk=pk)

    def _over(self, meeting: Sitting) -> HttpResponse:
        return self.closed(meeting.intervention)

    def _form(self, meeting: Sitting, data: Any = None) -> MeetingForm:
        members, came = list(selectors.members_of(meeting.intervention)), selectors.presence_of(meeting)
        return MeetingForm(data, instance=meeting, members=members, came=came, minutes=meeting.minutes)

    def _page(self, meeting: Sitting, form: MeetingForm) -> HttpResponse:
        context = {"intervention": meeting.intervention, "form": form, "title": "Put a meeting right"}
        return render(self.request, "interventions/meeting.html", context, status=409 if form.is_stale else 200)


class Measures(InterventionPage):
    """Entry and exit of everybody one sees, in one table."""

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        found = self.kept(pk)
        return self._page(found, self._form(found)) if found.is_open else self.closed(found)

    def post(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        found = self.kept(pk)
        form = self._form(found, request.POST)
        if not form.is_valid():
            return self._page(found, form)
        try:
            services.save_measures(by=self.me, intervention=found, measured=form.measured())
        except services.ClosedError:
            return self.closed(found)
        messages.success(request, "Saved.")
        return redirect("interventions:detail", pk=pk)

    def _form(self, found: Intervention, data: Any = None) -> MeasuresForm:
        return MeasuresForm(data, members=list(selectors.members_of(found)))

    def _page(self, found: Intervention, form: MeasuresForm) -> HttpResponse:
        context = {"intervention": found, "form": form}
        return render(self.request, "interventions/measures.html", context, status=409 if form.is_stale else 200)


class Evaluate(InterventionPage):
    """An outcome for each student, what worked, what follows; then it stays as it ended."""

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        found = self.kept(pk)
        if not found.is_open:
            return self.closed(found)
        draft = drafts.open_form(self.me, self._key(found), drafts.token_from(request.GET.get("draft")))
        return self._page(found, self._form(found, draft), draft)

    def post(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        found = self.kept(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, self._key(found))
        draft = drafts.reopen_form(self.me, self._key(found), request.POST)
        form = self._form(found, draft, request.POST)
        if not form.is_valid():
            return self._page(found, form, draft, status=409 if form.is_stale else 200)
        given = form.cleaned_data
        try:
            services.evaluate(
                by=self.me, intervention=found, said=form.said(), worked=given["worked"], decision=given["decision"],
                draft=draft.token,
            )  # fmt: skip
        except services.ClosedError:
            return self.closed(found)
        except services.UnfinishedError:
            form.add_error(None, "Not everybody in it has an outcome yet. Whoever set it up can say the rest.")
            return self._page(found, form, draft, status=409)
        messages.success(request, "Evaluated. It stays as it ended, with an outcome for each student.")
        return redirect("interventions:detail", pk=pk)

    def _key(self, found: Intervention) -> str:
        return f"intervention-end:{found.pk}"

    def _form(self, found: Intervention, draft: drafts.OpenForm, data: Any = None) -> EvaluateForm:
        return EvaluateForm(data, members=list(selectors.members_of(found)), measure=found.measure, typed=draft.fields)

    def _page(self, found: Intervention, form: EvaluateForm, draft: drafts.OpenForm, status: int = 200) -> HttpResponse:
        context = {"intervention": found, "form": form, "draft": draft}
        context["save_url"] = reverse("accounts:draft-save", args=[draft.form])
        context["back"] = reverse("interventions:detail", args=[found.pk])
        return render(self.request, "interventions/evaluate.html", context, status=status)
