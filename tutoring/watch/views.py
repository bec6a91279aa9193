"""Watching over: the list, one student's page, beginning, looking in one tap, ending with an outcome."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from audit.services import record
from core.mixins import PermissionRequiredMixin
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.watch import selectors, services
from tutoring.watch.enums import Kind, Outcome
from tutoring.watch.forms import ChangeForm, EndForm, LookForm, NewcomerForm, WatchForm
from tutoring.watch.models import Watch

TWICE = "You have said so today already."


class WatchList(StaffPageMixin, TemplateView):
    """Who may leave and who is watched for another reason, and who is new: whose look is due comes first."""

    permission_required = Permission.KEEP_WATCH
    template_name = "watch/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        watches = [(one, selectors.last_look(one), selectors.next_look(one)) for one in selectors.watches_going_on()]
        new = selectors.newcomers(self.me, self.school, today)
        return super().get_context_data(watches=watches, new=new, today=today, weeks=self.school.new_weeks, **kwargs)


class _About(PermissionRequiredMixin, View):
    """About a student over whom this person keeps watch."""

    permission_required = Permission.KEEP_WATCH
    request: UserRequest

    def student(self, pk: uuid.UUID) -> Student:
        students = students_visible_to(self.request.user, Permission.KEEP_WATCH)
        return get_object_or_404(students.select_related("school"), pk=pk)

    def watch(self, pk: uuid.UUID) -> Watch:
        return get_object_or_404(selectors.watches_changeable(), pk=pk)

    def back(self, student_id: Any) -> HttpResponse:
        return redirect("watch:student", student=student_id)

    def page(self, student: Student, wrong: EndForm | None = None, of: Any = None) -> HttpResponse:
        """All watches of one student; where an ending was typed wrong, with its form as it came."""
        watches = selectors.watches_of_student(student)
        before = selectors.said_before(watches) if watches else {}
        rows = [
            (one, selectors.last_look(one), selectors.next_look(one), *_forms(one, wrong if one.pk == of else None),
             before.get(one.pk))
            for one in watches
        ]  # fmt: skip
        known = any(one.kind == Kind.NEW for one in watches)
        is_new = selectors.is_new(student, student.school, timezone.localdate()) and not known
        context = {"student": student, "rows": rows, "is_new": is_new, "newcomer": NewcomerForm()}
        return render(self.request, "watch/student.html", context)


def _forms(watch: Watch, wrong: EndForm | None) -> tuple[LookForm | None, EndForm | None]:
    """To look and to end, each with ids of its own on the page; none where it has ended."""
    if not watch.is_open:
        return None, None
    ids = f"id_{watch.pk}_%s"
    new = watch.kind == Kind.NEW
    look = NewcomerForm(auto_id=ids, initial={"came_from": watch.came_from}) if new else LookForm(auto_id=ids)
    return look, wrong or EndForm(kind=watch.kind, auto_id=ids)


class OfStudent(_About):
    """One student: what goes on, what was, and the buttons."""

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        record("watch.opened", by=request.user, obj=pupil)
        return self.page(pupil)


class WatchBegin(_About):
    """From today on."""

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        return self._form_page(pupil, self._form(pupil))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        form = self._form(pupil, request.POST)
        if form.is_valid():
            try:
                services.begin_watch(by=request.user, student=pupil, **form.cleaned_data)
            except services.WatchedError:
                form.add_error(None, "Somebody watches over them as at risk of leaving already.")
            else:
                messages.success(request, "Begun. It comes to Today when it is time to look.")
                return self.back(pupil.pk)
        return self._form_page(pupil, form)

    def _form(self, student: Student, data: Any = None) -> WatchForm:
        return WatchForm(data, people=selectors.people_to_watch(student), me=self.request.user)

    def _form_page(self, student: Student, form: WatchForm) -> HttpResponse:
        return render(self.request, "watch/begin.html", {"student": student, "form": form})


class WatchChange(_About):
    """Another reason, another rhythm, somebody else who looks; of whoever is new there is nothing to say anew."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        watch = self._open(pk)
        return self._form_page(watch, self._form(watch))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        watch = self._open(pk)
        form = self._form(watch, request.POST)
        if not form.is_valid():
            return self._form_page(watch, form)
        if services.change_watch(by=request.user, watch=watch, **form.cleaned_data):
            messages.success(request, "Changed. What it said before stays below it.")
        else:
            messages.info(request, "It has ended meanwhile, so nothing was changed.")
        return self.back(watch.student_id)

    def _open(self, pk: uuid.UUID) -> Watch:
        return get_object_or_404(selectors.watches_changeable().exclude(kind=Kind.NEW), pk=pk)

    def _form(self, watch: Watch, data: Any = None) -> ChangeForm:
        return ChangeForm(data, instance=watch, people=selectors.people_to_watch(watch.student))

    def _form_page(self, watch: Watch, form: ChangeForm) -> HttpResponse:
        context = {"student": self.student(watch.student_id), "watch": watch, "form": form}
        return render(self.request, "watch/change.html", context, status=409 if form.is_stale else 200)


class Look(_About):
    """One tap, with a line if one likes."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        watch, form = self.watch(pk), LookForm(request.POST)
        words = form.cleaned_data["words"] if form.is_valid() else ""
        if services.look(by=request.user, watch=watch, words=words):
            messages.success(request, "Noted.")
        else:
            messages.info(request, TWICE)
        return self.back(watch.student_id)


class NewcomerLook(_About):
    """The first or next look at somebody new; where they came from, if it is known now."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil, form = self.student(student), NewcomerForm(request.POST)
        words = form.cleaned_data if form.is_valid() else {}
        watch = services.newcomer_watch(by=request.user, student=pupil)
        if not watch.is_open:
            messages.info(request, "They have settled already.")
        elif services.look(by=request.user, watch=watch, **words):
            messages.success(request, "Noted.")
        else:
            messages.info(request, TWICE)
        return self.back(pupil.pk)


class Settled(_About):
    """One tap: somebody new has settled."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        watch = services.newcomer_watch(by=request.user, student=pupil)
        if services.end_watch(by=request.user, watch=watch, outcome=Outcome.SETTLED):
            messages.success(request, f"{pupil.preferred_forename} has settled.")
        else:
            messages.info(request, "They have settled already.")
        return redirect("watch:list")


class WatchEnd(_About):
    """Staying, left with the reason and where to, settled, or no longer needed."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        watch = self.watch(pk)
        form = EndForm(request.POST, kind=watch.kind, auto_id=f"id_{watch.pk}_%s")
        if not form.is_valid():
            return self.page(self.student(watch.student_id), form, watch.pk)
        if services.end_watch(by=request.user, watch=watch, **form.cleaned_data):
            messages.success(request, "Ended. It stays below.")
        else:
            messages.info(request, "It had ended already.")
        return self.back(watch.student_id)
