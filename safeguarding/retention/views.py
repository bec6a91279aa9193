"""How long files are kept: the list, one file, holds, the school's classes. No word of a file is on these pages."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from accounts.permissions import Permission
from accounts.requests import UserRequest
from audit.services import record
from safeguarding.opening import FilePage
from safeguarding.retention import forms, selectors, services
from safeguarding.retention.models import Hold, RetentionClass
from safeguarding.retention.selectors import Kept


class KeepingPage(FilePage):
    """A file that one reads as a whole; 404 for any other, as for one that is not there."""

    permission_required: Any = Permission.KEEP_FILE

    def kept(self, student: uuid.UUID) -> Kept:
        row = selectors.file_kept(student)
        if row is None:
            raise Http404
        return row

    def answer(self, template: str, context: dict[str, Any]) -> HttpResponse:
        return render(self.request, f"safeguarding/retention/{template}.html", context)


class KeptList(KeepingPage, View):
    """What is due for review, what comes within a year, what is held, whose day is not known. Names and days only."""

    def get(self, request: UserRequest) -> HttpResponse:
        rows = selectors.files_kept()
        record("file.listed", by=self.me, shown=len(rows))
        context = {
            "due": [row for row in rows if row.is_due],
            "waiting": selectors.waiting(),
            "gone": selectors.certificates(),
            "soon": [row for row in rows if row.comes_soon],
            "unknown": [row for row in rows if row.due_on is None],
            "held": [row for row in rows if row.held],
            "classes_are_ours": request.user.has_perm(Permission.SET_RETENTION),
            "later": sum(row.due_on is not None and not row.is_due and not row.comes_soon for row in rows),
        }
        return self.answer("list", context)


class FileKept(KeepingPage, View):
    """One file: by which class it is kept how long, and what holds it."""

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        row = self.kept(student)
        sources = {one.covers: one.source for one in selectors.classes_of(self.me)}
        days = [(day, sources.get(day.covers, "")) for day in row.days]
        reviews = selectors.reviews_of(student)
        context = {"row": row, "days": days, "holds": selectors.holds_of(student), "reviews": reviews}
        context |= {"open": next((one for one in reviews if one.is_open), None)}
        return self.answer("file", context | {"gone": selectors.certificates_of(student)})


class HoldPlace(KeepingPage, View):
    """A hold with its reason."""

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        return self._page(self.kept(student), forms.HoldForm())

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        row, form = self.kept(student), forms.HoldForm(request.POST)
        if not form.is_valid():
            return self._page(row, form)
        services.place_hold(by=self.me, student=row.student, why=form.cleaned_data["why"])
        messages.success(request, "The file is held. Nothing of it can be destroyed until the hold is lifted.")
        return redirect("retention:file", student=student)

    def _page(self, row: Kept, form: forms.WhyForm) -> HttpResponse:
        return self.answer("why_form", {"row": row, "form": form})


class HoldLift(KeepingPage, View):
    """What it was held for is over."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        hold = get_object_or_404(Hold, pk=pk)
        return self._page(hold, forms.LiftForm())

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        hold, form = get_object_or_404(Hold, pk=pk), forms.LiftForm(request.POST)
        if not form.is_valid():
            return self._page(hold, form)
        if services.lift_hold(by=self.me, hold=hold, why=form.cleaned_data["why"]):
            messages.success(request, "The hold is lifted.")
        else:
            messages.error(request, "Nothing was saved: a colleague lifted this hold before.")
        return redirect("retention:file", student=hold.student_id)

    def _page(self, hold: Hold, form: forms.WhyForm) -> HttpResponse:
        context = {"row": self.kept(hold.student_id), "form": form, "of": selectors.sealed(hold, "why")}
        return self.answer("why_form", context)


class ClassList(KeepingPage, View):
    """The school's classes, with the years and where each rule comes from."""

    permission_required: Any = Permission.SET_RETENTION

    def get(self, request: UserRequest) -> HttpResponse:
        return self.answer("class_list", {"classes": selectors.classes_of(self.me)})


class ClassEdit(KeepingPage, View):
    """One class; the day of every file is worked out anew from then on."""

    permission_required: Any = Permission.SET_RETENTION

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        kept = get_object_or_404(RetentionClass, pk=pk)
        return self.answer("class_form", {"kept": kept, "form": forms.ClassForm(instance=kept)})

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        kept = get_object_or_404(RetentionClass, pk=pk)
        form = forms.ClassForm(request.POST, instance=kept)
        if not form.is_valid():
            return self.answer("class_form", {"kept": kept, "form": form})
        services.change_class(by=self.me, kept=kept, said=form.cleaned_data)
        messages.success(request, "Saved. The day of every file is worked out anew.")
        return redirect("retention:class-list")
