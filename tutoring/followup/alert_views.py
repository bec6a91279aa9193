"""Alerts: raising one from the student's page, the list, and one with its answer."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.mixins import PermissionRequiredMixin
from students.models import Student
from tutoring.followup import alerts
from tutoring.followup.alert_forms import AlertForm, AnswerForm
from tutoring.followup.models import Alert
from tutoring.groups.selectors import students_visible_to

SHOWN = 60


class AlertCreate(PermissionRequiredMixin, View):
    """To whom, what, what would help, by when; of a form sent twice there is one alert."""

    permission_required = Permission.LOG_SESSION
    request: UserRequest

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        draft = drafts.open_form(request.user, f"alert:{pupil.pk}", drafts.token_from(request.GET.get("draft")))
        return self._page(pupil, draft)

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"alert:{pupil.pk}")
        draft = drafts.reopen_form(request.user, f"alert:{pupil.pk}", request.POST)
        form = self._form(pupil, draft, request.POST)
        if not form.is_valid():
            return self._page(pupil, draft, form)
        alert = alerts.raise_alert(by=request.user, student=pupil, submission=draft.token, **form.cleaned_data)
        messages.success(request, f"{alert.to} is alerted; the answer comes to Today.")
        return redirect("followup:alert-detail", pk=alert.pk)

    def _student(self, pk: uuid.UUID) -> Student:
        students = students_visible_to(self.request.user, Permission.LOG_SESSION)
        return get_object_or_404(students.select_related("school"), pk=pk)

    def _form(self, student: Student, draft: drafts.OpenForm, data: Any = None) -> AlertForm:
        people = alerts.people_to_alert(student, self.request.user)
        return AlertForm(data, draft=draft, people=people, answer_by=alerts.usual_day(student, timezone.localdate()))

    def _page(self, student: Student, draft: drafts.OpenForm, form: AlertForm | None = None) -> HttpResponse:
        save_url = reverse("accounts:draft-save", args=[draft.form])
        context = {"student": student, "draft": draft, "form": form or self._form(student, draft), "save_url": save_url}
        return render(self.request, "followup/alert_form.html", context)


class AlertList(StaffPageMixin, TemplateView):
    """To me, open ones first; from me, with the answers."""

    permission_required = Permission.LOG_SESSION
    template_name = "followup/alert_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            to_me=alerts.alerts_to(self.me)[:SHOWN], from_me=alerts.alerts_from(self.me)[:SHOWN], **kwargs
        )


class AlertDetail(PermissionRequiredMixin, View):
    """One alert; whom it is to answers here."""

    permission_required = Permission.LOG_SESSION
    request: UserRequest

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        alert = self._alert(pk)
        alerts.record_opening(alert, by=request.user)
        draft = drafts.open_form(request.user, f"alert-answer:{pk}", drafts.token_from(request.GET.get("draft")))
        return self._page(alert, draft, AnswerForm(draft=draft))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        alert = self._alert(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"alert-answer:{pk}")
        draft = drafts.reopen_form(request.user, f"alert-answer:{pk}", request.POST)
        form = AnswerForm(request.POST, draft=draft)
        if not form.is_valid():
            return self._page(alert, draft, form)
        try:
            alerts.answer_alert(by=request.user, alert=alert, answer=form.cleaned_data["answer"], draft=draft.token)
        except alerts.AnsweredBeforeError:
            form.add_error(None, "This alert was answered meanwhile, so nothing was saved. Your words are below.")
            return self._page(self._alert(pk), draft, form, status=409)
        messages.success(request, f"Answered. {alert.raised_by} finds it on Today.")
        return redirect("followup:alert-detail", pk=pk)

    def _alert(self, pk: uuid.UUID) -> Alert:
        return get_object_or_404(alerts.alerts_readable(), pk=pk)

    def _page(self, alert: Alert, draft: drafts.OpenForm, form: AnswerForm, status: int = 200) -> HttpResponse:
        waits = not alert.answered_on or status == 409
        context = {"alert": alert, "student": alert.student, "draft": draft, "form": form}
        context["may_answer"] = waits and alerts.may_answer(alert, self.request.user)
        context["save_url"] = reverse("accounts:draft-save", args=[draft.form])
        return render(self.request, "followup/alert_detail.html", context, status=status)
