"""Praise home: three taps from the student's page; and, for few, a message that is urgent."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.permissions import Permission
from accounts.quiet_hours import in_words, next_sending
from accounts.requests import UserRequest
from core.mixins import PermissionRequiredMixin
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.sessions import praise
from tutoring.sessions.enums import Tone
from tutoring.sessions.home import last_good_news
from tutoring.sessions.home_forms import PraiseForm


class PraiseHome(PermissionRequiredMixin, View):
    """Choose a ready sentence (a button that sends what is typed too, so no word is lost), change it, send it."""

    permission_required = Permission.PRAISE_HOME
    request: UserRequest

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        found = self._student(student)
        draft = drafts.open_form(request.user, self._key(found), drafts.token_from(request.GET.get("draft")))
        begun = self._form(found, text=draft.first("text") or "", chosen=draft.first("contact") or "")
        return self._page(found, begun, draft)

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        found = self._student(student)
        if not is_own_form(request):
            return refuse_form_of_another(request, self._key(found))
        draft = drafts.reopen_form(request.user, self._key(found), request.POST)
        if "sentence" in request.POST:
            text = praise.with_sentence(request.POST.get("text", ""), request.POST["sentence"], found)
            begun = self._form(found, text=text, chosen=request.POST.get("contact", ""))
            begun.initial.update(urgent="urgent" in request.POST, tone=request.POST.get("tone") or Tone.HARD)
            return self._page(found, begun, draft)
        form = self._form(found, request.POST)
        if not form.is_valid():
            return self._page(found, form, draft)
        contact, text, urgent = form.cleaned_data["contact"], form.cleaned_data["text"], form.as_urgent
        praised = praise.praise_home(
            by=request.user, student=found, submission=draft.token, contact=contact, text=text, urgent=urgent
        )
        if praised.message is None and not praise.said_before(request.user, draft.token, text, contact, urgent):
            return self._page(found, form, draft.renewed(), status=409)
        drafts.discard_draft(by=request.user, token=draft.token)  # also of a form that was sent again
        messages.success(request, self._said(praised, contact.name))
        return redirect("desk:student-story", pk=found.pk)

    def _said(self, praised: praise.Praised, name: str) -> str:
        if praised.send_after is None:
            return "This message was sent already; it went once."
        if praised.weekly_at:
            weekly = timezone.localtime(praised.weekly_at)
            return f"Saved. It goes to {name} with their weekly mail on {weekly:%A} {weekly:%-d %B}."
        if praised.send_after > timezone.now():
            local = timezone.localtime(praised.send_after)
            return f"Saved. It goes to {name} on {local:%A} at {local:%H:%M}."
        return f"Saved. It is on its way to {name}."

    def _student(self, pk: uuid.UUID) -> Student:
        students = students_visible_to(self.request.user, Permission.PRAISE_HOME)
        return get_object_or_404(students.select_related("school"), pk=pk)

    def _form(self, student: Student, data: Any = None, **more: str) -> PraiseForm:
        may = praise.may_send_urgent(self.request.user, student)
        return PraiseForm(data, people=praise.people_at_home(student), may_urgent=may, **more)

    def _key(self, student: Student) -> str:
        return f"praise:{student.pk}"

    def _page(self, student: Student, form: PraiseForm, draft: drafts.OpenForm, status: int = 200) -> HttpResponse:
        now = timezone.now()
        goes = next_sending(now)
        context = {
            "student": student,
            "form": form,
            "draft": draft,
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
            "people": form.people,
            "sentences": list(enumerate(title for title, _ in praise.SENTENCES)),
            "subject": praise.subject_for(student),
            "urgent_subject": praise.urgent_subject(student),
            "signature": praise.signature(self.request.user, student),
            "waits_until": goes if goes > now else None,
            "quiet": in_words(),
            "last_good": last_good_news(student),
            "sent_before": status == 409,
        }
        return render(self.request, "tutor_sessions/praise_home.html", context, status=status)
