"""Breaking the glass of one child's file, reading it for the hour, and the alarm as a lead sees it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import View

from accounts.permissions import Permission
from accounts.requests import UserRequest
from audit.services import record
from core.encryption import EncryptionError
from safeguarding.chronology import Shown, chronology_of, concerns_of_child
from safeguarding.opening import FilePage
from safeguarding.selectors import students_by_label
from safeguarding.sharing import glass
from safeguarding.sharing.forms import GlassForm

KEPT_ANYWAY = "You keep this child’s file anyway: it is on your desk, or under the child’s name."
NOBODY_TOLD = "It stays shut: no safeguarding lead has an account who would be told of it."
NO_KEY = "Nothing was opened: this student’s key cannot be opened here. Your reason stands below."


class BreakGlass(FilePage, View):
    """Whose file, and why. The page, and whatever stands on it, is the same whether or not a child has one."""

    permission_required = (Permission.OPEN_FILE, Permission.KEEP_STAFF_FILE)

    def get(self, request: UserRequest) -> HttpResponse:
        return self._page(GlassForm(students=students_by_label(self.me)))

    def post(self, request: UserRequest) -> HttpResponse:
        form = GlassForm(request.POST, students=students_by_label(self.me))
        if form.is_valid() and self._broken(form):
            return redirect("safeguarding:glass-file")
        return self._page(form)

    def _broken(self, form: GlassForm) -> bool:
        child = form.cleaned_data["child"]
        if glass.keeps_anyway(self.me, child):
            form.add_error("child", KEPT_ANYWAY)
            return False
        try:
            glass.break_glass(by=self.me, student=child, why=form.cleaned_data["why"])
        except glass.NobodyToldError:
            form.add_error(None, NOBODY_TOLD)
        except EncryptionError:
            form.add_error(None, NO_KEY)
        return not form.errors

    def _page(self, form: GlassForm) -> HttpResponse:
        context = {"form": form, "known": form.students, "broken": glass.broken_now(self.me)}
        return render(self.request, "safeguarding/sharing/glass_form.html", context)


class GlassFile(FilePage, View):
    """What is open for this hour, day by day and with other children's names taken out; to read, and nothing else."""

    permission_required = (Permission.OPEN_FILE, Permission.KEEP_STAFF_FILE)

    def get(self, request: UserRequest) -> HttpResponse:
        broken = glass.broken_now(self.me)
        if broken is None:
            messages.info(request, "No file is open to you by breaking the glass, or its hour is over.")
            return redirect("safeguarding:glass-break")
        child = broken.row.student
        concerns = concerns_of_child(child.pk, by_glass=True)
        way = self.opened(child, concerns) if concerns.exists() else None
        if way:
            return way
        chronology = chronology_of(child, Shown(), by_glass=True)
        context = {"glass": broken, "student": child, "chronology": chronology}
        return render(request, "safeguarding/sharing/glass_file.html", context)


class GlassDetail(FilePage, View):
    """The alarm: who opened whose file when and why, and which leads know of it."""

    permission_required = (Permission.OPEN_FILE, Permission.KEEP_FILE)

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        row = get_object_or_404(glass.alarms(), pk=pk)
        record("file.glass_looked", by=self.me, obj=row)
        seen = [one.person_id for one in row.seen.all()]
        context = {
            "glass": glass.opened_reason(row),
            "mine": self.me.pk == row.person_id,
            "is_seen": self.me.pk in seen,
            "now": timezone.now(),
        }
        return render(request, "safeguarding/sharing/glass_detail.html", context)

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        row = get_object_or_404(glass.alarms().exclude(person=self.me), pk=pk)
        if glass.see_glass(by=self.me, row=row):
            messages.success(request, "It is no more on your desk. It stays with the child’s file.")
        return redirect("safeguarding:desk")
