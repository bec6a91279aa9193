"""Single students: who has some without a group, one person's list with one more, and the end of one."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import ListView, View

from accounts.mixins import StaffPageMixin
from accounts.models import Membership
from accounts.permissions import Permission
from tutoring.groups import singly
from tutoring.groups.day_forms import EndForm
from tutoring.groups.singly_forms import GiveForm


class SingleList(StaffPageMixin, ListView):  # type: ignore[type-arg]
    """Everybody whose role reaches whom they are given, with how many single students each has."""

    permission_required = Permission.CHANGE_TUTOR
    template_name = "groups/single_list.html"
    context_object_name = "work"
    paginate_by = 100

    def get_queryset(self) -> QuerySet[Membership]:
        return singly.work_with_students(self.school, timezone.localdate())


class SingleStudents(StaffPageMixin, View):
    """One person's in one role; first the preview of one more, then, from the same words, the change."""

    permission_required = Permission.CHANGE_TUTOR

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return self._page(self._work(pk), self._form())

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        work, form, then = self._work(pk), self._form(request.POST), request.POST.get("then")
        if then == "find":
            return self._page(work, form, found=True)
        if not form.is_valid():
            return self._page(work, form)
        giving = form.giving(work)
        if then != "give":
            return self._page(work, form, giving)
        try:
            number = singly.give_students(giving, by=self.me)
        except singly.NotGivenError as error:
            form.add_error(None, str(error))
            return self._page(work, form, status=409)
        more = f"{number} student{'s' * (number != 1)} more from {giving.first_day:%-d %B %Y} on"
        messages.success(request, f"{work.user} has {more if number else 'them already'}.")
        return redirect("groups:single-students", pk=work.pk)

    def _form(self, data: Any = None) -> GiveForm:
        return GiveForm(data, students=singly.students_to_give(self.me))

    def _work(self, pk: uuid.UUID) -> Membership:
        return get_object_or_404(singly.work_with_students(self.school, timezone.localdate()), pk=pk)

    def _page(
        self, work: Membership, form: GiveForm, giving: singly.Giving | None = None, *, found: bool = False,
        status: int = 200,
    ) -> HttpResponse:  # fmt: skip
        today = timezone.localdate()
        context = {
            "work": work, "form": form, "offered": form.offered(), "giving": giving, "today": today, "found": found,
            "entries": singly.entries_of(work, today), "may": singly.may_be_given(work),
            "mine": set(singly.students_to_give(self.me).values_list("pk", flat=True)),
        }  # fmt: skip
        return render(self.request, "groups/single_students.html", context, status=status)


class SingleEnd(StaffPageMixin, View):
    """The last day of one, or off the list at once where it began only today or has not begun."""

    permission_required = Permission.CHANGE_TUTOR

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        entry = singly.open_entry(pk)
        if entry is None:
            raise Http404
        person, student = entry.membership.user, entry.student
        form = EndForm(request.POST)
        try:
            if request.POST.get("then") == "remove":
                singly.take_single_off(entry, by=self.me)
                messages.success(request, f"{student} is off the list of {person}.")
            elif form.is_valid():
                singly.end_single(entry, form.cleaned_data["last_day"], by=self.me)
                messages.success(request, f"{person} has {student} until {entry.ends_on:%-d %B %Y}.")
            else:
                messages.error(request, "Say a last day: today or later, and within a year.")
        except singly.NotGivenError as error:
            messages.error(request, str(error))
        return redirect("groups:single-students", pk=entry.membership_id)
