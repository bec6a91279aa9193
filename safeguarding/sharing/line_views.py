"""Lines to staff: publishing, what became of them, and reading the one that is for oneself."""

import time
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from audit.services import record
from core.encryption import EncryptionError
from safeguarding.opening import FilePage
from safeguarding.selectors import students_by_label
from safeguarding.sharing import lines, services
from safeguarding.sharing.forms import ChildForm, LineForm
from safeguarding.sharing.models import StaffLine
from students.models import Student
from tutoring.groups.selectors import students_visible_to

NOTED, JUST_NOW = "line_opened", 20


class LineList(FilePage, View):
    """What staff know at present, who has not read it, and what they knew before. No words: they open one by one."""

    permission_required = (Permission.OPEN_FILE, Permission.KEEP_FILE)

    def get(self, request: UserRequest) -> HttpResponse:
        kept = lines.lines_kept()
        record("file.listed", by=self.me, shown=kept.count())
        known = students_by_label(self.me)
        context = {
            "now": [lines.Line(row) for row in lines.open_ones(kept)],
            "past": [lines.Line(row) for row in lines.past_ones(kept)[:100]],
            "known": known,
            "form": ChildForm(students=known),
        }
        return render(request, "safeguarding/sharing/line_list.html", context)

    def post(self, request: UserRequest) -> HttpResponse:
        form = ChildForm(request.POST, students=students_by_label(self.me))
        if form.is_valid():
            return redirect("safeguarding:line-create", student=form.cleaned_data["child"].pk)
        messages.error(request, str(form.errors["child"][0]))
        return redirect("safeguarding:line-list")


class LineCreate(FilePage, View):
    """One line about a child whose file one keeps, to colleagues by name."""

    permission_required = (Permission.OPEN_FILE, Permission.KEEP_FILE)

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        child = self._child(student)
        return self._page(child, self._form(child))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        child = self._child(student)
        form = self._form(child, request.POST)
        if not form.is_valid():
            return self._page(child, form)
        said = form.cleaned_data
        words = {name: said[name] for name in ("text", "why", "until")}
        try:
            services.publish_line(by=self.me, student=child, people=said["readers"], **words)
        except EncryptionError:
            form.add_error(None, "Nothing was saved: this student’s key cannot be opened here. Your text stands below.")
            return self._page(child, form)
        names = ", ".join(str(person) for person in said["readers"])
        messages.success(request, f"Published to {names}. Their mail says only that there is something to read.")
        return redirect("safeguarding:line-list")

    def _child(self, student: uuid.UUID) -> Student:
        return get_object_or_404(
            students_visible_to(self.me, Permission.KEEP_FILE).select_related("school"), pk=student
        )

    def _form(self, child: Student, data: Any = None) -> LineForm:
        people = lines.people_for(child, self.me)
        chosen = self.request.GET.get("for", "")
        return LineForm(data, people=people, teach=lines.who_teach(child), until=lines.last_day(child), chosen=chosen)

    def _page(self, child: Student, form: LineForm) -> HttpResponse:
        context = {"student": child, "form": form, "remarks": form.remarks}
        return render(self.request, "safeguarding/sharing/line_form.html", context)


def way_to(line: StaffLine, request: UserRequest) -> HttpResponse | None:
    """None where its words may be read now; else the way there: first that it is opened stands on the record."""
    if line.sealed.exists():
        return None
    # Whoever has proved nothing afresh may not read their own lines of the file: the session knows of the last one.
    noted, now = request.session.get(NOTED, ["", 0]), time.time()
    if noted[0] == str(line.pk) and now - noted[1] < JUST_NOW:
        messages.error(request, "It did not open. Try again in half a minute.")
        return redirect("desk:today")
    record("file.line_opened", by=request.user, obj=line)
    request.session[NOTED] = [str(line.pk), now]
    return redirect(request.path)


class LineDetail(FilePage, View):
    """For those who keep it: what it says, why, who was named, who understood it and who opened it when."""

    permission_required = (Permission.OPEN_FILE, Permission.KEEP_FILE)

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        line = get_object_or_404(lines.lines_kept(), pk=pk)
        way = way_to(line, request)
        if way:
            return way
        [shown] = lines.with_words([line])
        context = {"line": shown, "readings": lines.readings_of(line)}
        return render(request, "safeguarding/sharing/line_detail.html", context)

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        line = get_object_or_404(lines.lines_kept(), pk=pk)
        if services.withdraw_line(by=self.me, line=line):
            messages.success(request, "Withdrawn: nobody it was for sees it any more. It stays on the file.")
        return redirect("safeguarding:line-list")


class LineForMe(StaffPageMixin, View):
    """The line that is for whoever looks; 404 for everybody else, as for one that is not there or is over."""

    permission_required = Permission.VIEW_STUDENT

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        mine = self._mine(pk)
        way = way_to(mine.line, request)
        if way:
            return way
        [shown] = lines.with_words([mine.line])
        return render(request, "safeguarding/sharing/line_for_me.html", {"line": shown, "mine": mine})

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        services.understand_line(by=self.me, line=self._mine(pk).line)
        messages.success(request, "Thank you. It stays at the student’s page for as long as it holds.")
        return redirect("desk:today")

    def _mine(self, pk: uuid.UUID) -> Any:
        found = lines.lines_for(self.me).filter(line=pk).first()
        if found is None:
            raise Http404
        return found
