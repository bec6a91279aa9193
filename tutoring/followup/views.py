"""Issuing a warning, reading it, what the student says, an appeal, the letter."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import DetailView, View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.downloads import as_attachment
from core.mixins import PermissionRequiredMixin
from core.pdf import PdfUnavailableError
from students.models import Student
from tutoring.followup import selectors, services
from tutoring.followup.forms import AppealForm, DecideForm, DraftedForm, IssueForm, ResponseForm
from tutoring.followup.models import Warning
from tutoring.groups.selectors import students_visible_to, students_with_group


class WarningCreate(PermissionRequiredMixin, View):
    """Issue a stage to one student; of a form sent twice there is one warning."""

    permission_required = Permission.ISSUE_WARNING
    request: UserRequest

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        token = drafts.token_from(request.GET.get("draft"))
        return self._page(pupil, drafts.open_form(request.user, _key("", pupil.pk), token))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        if not is_own_form(request):
            return refuse_form_of_another(request, _key("", pupil.pk))
        draft = drafts.reopen_form(request.user, _key("", pupil.pk), request.POST)
        form = self._form(pupil, draft, request.POST)
        if not form.is_valid():
            return self._page(pupil, draft, form=form)
        said = form.cleaned_data
        try:
            issued = services.issue_warning(
                by=request.user, student=pupil, stage=said["stage"], submission=draft.token, reason=said["reason"],
                response=said["student_response"], issued_on=said["issued_on"],
            )  # fmt: skip
        except services.RefusedError as error:
            form.add_error("stage", str(error))
            return self._page(pupil, draft, form=form)
        warning = issued.warning
        if not issued.created and not services.says_the_same(
            warning, said["stage"], said["reason"], said["student_response"]
        ):
            return self._page(pupil, draft.renewed(), form=form, status=409, sent_before=warning)
        done = f"{warning} issued." if issued.created else "This warning was saved already; it is here once."
        messages.success(request, done)
        return redirect("followup:warning-detail", pk=warning.pk)

    def _student(self, pk: uuid.UUID) -> Student:
        students = students_visible_to(self.request.user, Permission.ISSUE_WARNING)
        return get_object_or_404(students.select_related("school"), pk=pk)

    def _form(self, student: Student, draft: drafts.OpenForm, data: Any = None) -> IssueForm:
        self.stages = selectors.stages_in_use(student.school)
        self.allowed = selectors.may_issue(self.request.user, student, self.stages)
        return IssueForm(data, draft=draft, stages=self.stages, allowed=self.allowed)

    def _page(
        self, student: Student, draft: drafts.OpenForm, *, form: IssueForm | None = None, status: int = 200, **more: Any
    ) -> HttpResponse:
        form = form or self._form(student, draft)
        context = {
            "student": student,
            "draft": draft,
            "form": form,
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
            "others": [stage for stage in self.stages if stage.pk not in self.allowed],
            "rungs": selectors.standing(self.stages, selectors.warnings_of_student(student)),
        }
        return render(self.request, "followup/warning_form.html", context | more, status=status)


class WarningDetail(PermissionRequiredMixin, DetailView):  # type: ignore[type-arg]
    """One warning: what, why, until when, the student's words, the appeal."""

    permission_required = Permission.VIEW_WARNING
    template_name = "followup/warning_detail.html"
    context_object_name = "warning"
    request: UserRequest

    def get_queryset(self) -> QuerySet[Warning]:
        return selectors.warnings_readable()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        warning, me = self.object, self.request.user
        services.record_opening(warning, by=me)
        return super().get_context_data(
            student=warning.student,
            can_write=selectors.warnings_changeable(me).filter(pk=warning.pk).exists(),
            can_decide=warning.appeal_waits
            and warning.issued_by_id != me.pk
            and selectors.appeals_to_decide(me).filter(pk=warning.pk).exists(),
            **kwargs,
        )


class WarningWords(PermissionRequiredMixin, View):
    """A page on which something is written to a warning: one box, one draft, one service."""

    permission_required = Permission.ISSUE_WARNING
    request: UserRequest
    what = title = button = ""
    form_class: Any = DraftedForm

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        warning = self.warning(pk)
        token = drafts.token_from(request.GET.get("draft"))
        draft = drafts.open_form(request.user, _key(self.what, pk), token)
        return self._page(warning, draft, self.form_class(draft=draft, warning=warning))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        warning = self.warning(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, _key(self.what, pk))
        draft = drafts.reopen_form(request.user, _key(self.what, pk), request.POST)
        form = self.form_class(request.POST, draft=draft, warning=warning)
        if not form.is_valid():
            return self._page(warning, draft, form)
        try:
            self.save(warning, form.cleaned_data, draft.token)
        except services.RefusedError as error:
            form.add_error(None, str(error))
            return self._page(self.warning(pk), draft, form, status=409)
        messages.success(request, "Saved.")
        return redirect("followup:warning-detail", pk=pk)

    def warning(self, pk: uuid.UUID) -> Warning:
        return get_object_or_404(selectors.warnings_changeable(self.request.user), pk=pk)

    def save(self, warning: Warning, said: dict[str, Any], token: uuid.UUID) -> None:
        raise NotImplementedError

    def _page(self, warning: Warning, draft: drafts.OpenForm, form: Any, status: int = 200) -> HttpResponse:
        save_url = reverse("accounts:draft-save", args=[draft.form])
        context = {"warning": warning, "student": warning.student, "draft": draft, "form": form, "save_url": save_url}
        words = {"form_title": self.title, "button": self.button}
        return render(self.request, "followup/warning_words.html", context | words, status=status)


class WarningResponse(WarningWords):
    """What the student says to it."""

    what, title, button = "-response", "What the student says", "Save"
    form_class = ResponseForm

    def save(self, warning: Warning, said: dict[str, Any], token: uuid.UUID) -> None:
        services.keep_response(
            by=self.request.user, warning=warning, was=said["opened_with"], words=said["words"], draft=token
        )


class WarningAppeal(WarningWords):
    """That the student or home appeals."""

    what, title, button = "-appeal", "An appeal", "Record the appeal"
    form_class = AppealForm

    def save(self, warning: Warning, said: dict[str, Any], token: uuid.UUID) -> None:
        services.ask_appeal(by=self.request.user, warning=warning, words=said["words"], draft=token)


class WarningDecide(WarningWords):
    """The outcome of an appeal, from somebody who leads and did not issue the warning."""

    permission_required = Permission.DECIDE_APPEAL
    what, title, button = "-decide", "The outcome of the appeal", "Save the outcome"
    form_class = DecideForm

    def warning(self, pk: uuid.UUID) -> Warning:
        return get_object_or_404(selectors.appeals_to_decide(self.request.user), pk=pk)

    def save(self, warning: Warning, said: dict[str, Any], token: uuid.UUID) -> None:
        lift = said["outcome"] == "lifted"
        services.decide_appeal(by=self.request.user, warning=warning, lift=lift, words=said["words"], draft=token)


class WarningLetter(PermissionRequiredMixin, View):
    """The letter as one A4 page."""

    permission_required = Permission.ISSUE_WARNING
    request: UserRequest

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponseBase:
        warning = get_object_or_404(selectors.warnings_changeable(request.user), pk=pk)
        try:
            made = services.make_letter(by=request.user, warning=warning)
        except PdfUnavailableError:
            messages.error(request, "This machine cannot make PDFs. Tell whoever runs Waymark; no letter was made.")
            return redirect("followup:warning-detail", pk=pk)
        except PermissionDenied as refused:
            messages.info(request, str(refused))
            return redirect("followup:warning-detail", pk=pk)
        return as_attachment(made, _letter_name(warning), "application/pdf")


def _letter_name(warning: Warning) -> str:
    """As reports are named, so that both stand together in a folder: 11BEC Okafor Jamal warning.pdf."""
    student = students_with_group(Student.objects.filter(pk=warning.student_id)).get()
    words = (getattr(student, "group_name", None), student.preferred_surname, student.preferred_forename, "warning")
    return f"{' '.join(word for word in words if word)}.pdf"


def _key(what: str, pk: uuid.UUID) -> str:
    """The name of the draft: of a student for a new warning, else of the warning."""
    return f"warning{what}:{pk}"
