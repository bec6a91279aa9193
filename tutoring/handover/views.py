"""Handovers: the list, writing one, reading and acknowledging it, the copy on paper."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.downloads import as_attachment
from core.mixins import PermissionRequiredMixin
from core.navigation import notices_for
from core.pdf import PdfUnavailableError
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.handover import selectors, services
from tutoring.handover.forms import AcknowledgeForm, HandoverForm
from tutoring.handover.models import Handover


class HandoverList(StaffPageMixin, TemplateView):
    """Those given to me, waiting ones first; and my students, written or not yet."""

    permission_required = Permission.WRITE_HANDOVER
    template_name = "handover/handover_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        lines = selectors.lines_to_write(self.me, today)
        return super().get_context_data(
            given=list(selectors.handovers_given_to(self.me, today)),
            lines=lines,
            given_on=sum(line.handover is not None and not line.handover.is_writing for line in lines),
            year=Handover(year=selectors.year_for(today)).academic_year,
            **kwargs,
        )


class HandoverWrite(PermissionRequiredMixin, View):
    """The one being written for a student, or a new one; a second form for the same student changes the same row."""

    permission_required = Permission.WRITE_HANDOVER
    request: UserRequest

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        handover = self._handover(pupil)
        if handover is None:
            return self._rests(pupil)
        draft = drafts.open_form(request.user, f"handover:{pupil.pk}", drafts.token_from(request.GET.get("draft")))
        return self._page(pupil, draft, self._form(pupil, handover, draft))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"handover:{pupil.pk}")
        handover = self._handover(pupil)
        if handover is None:
            return self._rests(pupil)
        draft = drafts.reopen_form(request.user, f"handover:{pupil.pk}", request.POST)
        gives = request.POST.get("then") == "hand-over"
        form = self._form(pupil, handover, draft, request.POST, hand_over=gives)
        if not form.is_valid():
            return self._page(pupil, draft, form, status=409 if form.is_stale else 200)
        try:
            with transaction.atomic():
                saved = services.keep_handover(
                    by=request.user, handover=form.save(commit=False), hand_over=gives, draft=draft.token
                )
        except IntegrityError:  # begun by somebody else a moment ago: the same form meets their row now
            begun = self._handover(pupil)
            if begun is None or begun._state.adding:
                raise
            return self.post(request, student)
        to = saved.to or "whoever has them next"
        messages.success(request, f"Handed over to {to}." if gives else "Saved. It is not handed over yet.")
        return redirect("handover:handover-detail", pk=saved.pk)

    def _student(self, pk: uuid.UUID) -> Student:
        students = students_visible_to(self.request.user, Permission.WRITE_HANDOVER)
        return get_object_or_404(students.select_related("school"), pk=pk)

    def _handover(self, student: Student) -> Handover | None:
        """The one to write on; None where the one of the year is handed over already."""
        me, today = self.request.user, timezone.localdate()
        existing = selectors.handovers_of_student(student)
        for handover in existing:
            if handover.is_writing:
                return handover
        if existing and selectors.handover_given(me, student, today):
            return None
        return Handover(student=student, from_tutor=me, year=selectors.year_for(today))

    def _rests(self, student: Student) -> HttpResponse:
        given = selectors.handover_given(self.request.user, student, timezone.localdate())
        if given is None:  # taken back in this very moment
            return redirect("handover:handover-list")
        messages.info(self.request, "This is handed over already. Here it is.")
        return redirect("handover:handover-detail", pk=given.pk)

    def _form(
        self, student: Student, handover: Handover, draft: drafts.OpenForm, data: Any = None, *, hand_over: bool = False
    ) -> HandoverForm:
        tutors = selectors.tutors_of_school(student.school, timezone.localdate()).exclude(pk=handover.from_tutor_id)
        return HandoverForm(data, draft=draft, tutors=tutors, instance=handover, hand_over=hand_over)

    def _page(self, student: Student, draft: drafts.OpenForm, form: HandoverForm, status: int = 200) -> HttpResponse:
        context = {
            "student": student,
            "handover": form.instance,
            "draft": draft,
            "form": form,
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "handover/handover_form.html", context, status=status)


class HandoverDetail(PermissionRequiredMixin, View):
    """One handover with what goes on; the next tutor acknowledges it here."""

    permission_required = Permission.VIEW_HANDOVER
    request: UserRequest

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        handover = self._handover(pk)
        services.record_opening(handover, by=request.user)
        return self._page(handover, AcknowledgeForm())

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        handover = self._handover(pk)
        form = AcknowledgeForm(request.POST)
        if not form.is_valid():
            return self._page(handover, form)
        try:
            services.acknowledge(by=request.user, handover=handover, **form.cleaned_data)
        except services.RefusedError as error:
            form.add_error(None, str(error))
            return self._page(self._handover(pk), form, status=409)
        messages.success(request, "Acknowledged. It now stays as it is.")
        return redirect("handover:handover-detail", pk=pk)

    def _handover(self, pk: uuid.UUID) -> Handover:
        return get_object_or_404(selectors.handovers_readable(), pk=pk)

    def _page(self, handover: Handover, form: AcknowledgeForm, status: int = 200) -> HttpResponse:
        me, student = self.request.user, handover.student
        writes = selectors.handovers_changeable(me).filter(pk=handover.pk)
        context = {
            "handover": handover,
            "student": student,
            "form": form,
            "may_acknowledge": status == 409 or selectors.may_acknowledge(me, handover, timezone.localdate()),
            "may_write": handover.is_writing and writes.exists(),
            "may_take_back": handover.waits and handover.from_tutor_id == me.pk,
            "plan_steps": selectors.steps_of_plans(student),
            "next_steps": selectors.steps_of_sessions(me, student),
            "notices": notices_for(me, student.pk),
        }
        return render(self.request, "handover/handover_detail.html", context, status=status)


class HandoverTakeBack(PermissionRequiredMixin, View):
    """Whoever wrote it wants to change it after all."""

    permission_required = Permission.WRITE_HANDOVER
    request: UserRequest

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        handover = get_object_or_404(selectors.handovers_changeable(request.user), pk=pk)
        try:
            services.take_back(by=request.user, handover=handover)
        except services.RefusedError as error:
            messages.error(request, str(error))
            return redirect("handover:handover-detail", pk=pk)
        messages.success(request, "Taken back. Change it, then hand it over again.")
        return redirect("handover:handover-write", student=handover.student_id)


class HandoverCopy(PermissionRequiredMixin, View):
    """The student's own page on paper."""

    permission_required = Permission.VIEW_HANDOVER
    request: UserRequest

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponseBase:
        handover = get_object_or_404(selectors.handovers_readable(), pk=pk)
        try:
            made = services.copy_handover(by=request.user, handover=handover)
        except PdfUnavailableError:
            messages.error(request, "This machine cannot make PDFs. Tell whoever runs Waymark; no copy was made.")
            return redirect("handover:handover-detail", pk=pk)
        return as_attachment(made, "what-works-for-me.pdf", "application/pdf")
