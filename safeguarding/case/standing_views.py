"""The list of vulnerable children, taking it away, one child's standing, and writing it down."""

import datetime as dt
import hashlib
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.permissions import Permission
from accounts.requests import UserRequest
from audit.services import record
from core.downloads import as_attachment
from core.encryption import EncryptionError
from core.exports import Sheet, csv_bytes
from core.limits import EXPORTS, limited
from safeguarding.case.models import Standing
from safeguarding.case.standing_forms import StandingForm, WantedForm
from safeguarding.case.standing_services import SupersededError, write_standing
from safeguarding.case.standings import Listed, Shown, children_hidden, history_of, now_of, register
from safeguarding.chronology import concerns_of_child
from safeguarding.models import Concern
from safeguarding.opening import FilePage
from safeguarding.selectors import students_by_label
from safeguarding.sharing.forms import ChildForm
from students.models import Student
from tutoring.groups.selectors import students_visible_to

COLUMNS = ("Student", "Group", "Where they stand", "From", "Until", "Next", "On", "By law until", "Attendance %")
NO_KEY = "Nothing was saved: this student’s key cannot be opened here. Your text stands below."
CHANGED = "A colleague changed it in the meantime: look at it, and write what is still to be said."


class StandingPage(FilePage):
    """For those who keep a child's file; 404 of a child whom whoever acts is kept from, as for one who is not there."""

    permission_required = (Permission.OPEN_FILE, Permission.KEEP_FILE)

    def child(self, student: uuid.UUID) -> Student:
        kept = students_visible_to(self.me, Permission.KEEP_FILE).exclude(pk__in=children_hidden())
        return get_object_or_404(kept, pk=student)


class StandingList(StandingPage, View):
    """Who they are, where each stands, what comes next. No words: they open child by child."""

    def get(self, request: UserRequest) -> HttpResponse:
        form = WantedForm(request.GET)
        lines = register(self.school, form.wanted)
        record("file.listed", by=self.me, shown=len(lines))
        known = students_by_label(self.me)
        context = {"lines": lines, "form": form, "known": known, "child_form": ChildForm(students=known)}
        return render(request, "safeguarding/case/standing_list.html", context)

    def post(self, request: UserRequest) -> HttpResponse:
        form = ChildForm(request.POST, students=students_by_label(self.me))
        if form.is_valid():
            return redirect("case:standing-create", student=form.cleaned_data["child"].pk)
        messages.error(request, str(form.errors["child"][0]))
        return redirect("case:standing-list")


class StandingExport(StandingPage, View):
    """The same as a CSV file; that it was taken is on the record, with its digest and no name."""

    @limited(EXPORTS)
    def get(self, request: UserRequest) -> HttpResponseBase:
        lines = register(self.school, WantedForm(request.GET).wanted)
        made = csv_bytes([Sheet("Vulnerable children", COLUMNS, [_cells(line) for line in lines])])
        digest = hashlib.sha256(made).hexdigest()
        record("file.register_taken", by=self.me, format="csv", rows=len(lines), sha256=digest)
        # The name of a file stands on screens and in lists of downloads: it says nothing.
        return as_attachment(made, f"confidential-list-{timezone.localdate()}.csv", "text/csv; charset=utf-8")


def _cells(line: Listed) -> list[str | int | float | dt.date | None]:
    row, following = line.row, line.days[0] if line.days else None
    attendance = None if line.attendance is None else round(line.attendance, 1)
    days = [following.label if following else "", following.due_on if following else None, row.review_by]
    return [row.student.name, line.group, row.label, row.since, row.until, *days, attendance]


class ChildStandings(StandingPage, View):
    """One child: where they stand, who works with them, and how it was before. Its opening is noted first."""

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        child = self.child(student)
        way = self.opened(child, Concern.objects.none())
        if way:
            return way
        history = history_of([child.pk]).get(child.pk, [])
        context = {
            "student": child,
            "now": now_of(history),
            "history": history,
            "on_file": concerns_of_child(child.pk).exists(),
        }
        return render(request, "safeguarding/case/standing_child.html", context)


class StandingWrite(StandingPage, View):
    """A new row of a child, or one that supersedes another; kept as it is typed."""

    student: Student
    before: Standing | None = None

    def of(self, **keys: uuid.UUID) -> uuid.UUID:
        """Finds the child; returns what the draft is kept under."""
        self.student = self.child(keys["student"])
        return self.student.pk

    def get(self, request: UserRequest, **keys: uuid.UUID) -> HttpResponse:
        of = self.of(**keys)
        way = self.superseded() or self.opened(self.student, Concern.objects.none())
        if way:
            return way
        draft = drafts.open_form(request.user, f"file-standing:{of}", drafts.token_from(request.GET.get("draft")))
        return self.page(draft, StandingForm(draft=draft, before=self.shown()))

    def post(self, request: UserRequest, **keys: uuid.UUID) -> HttpResponse:
        key = f"file-standing:{self.of(**keys)}"
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        draft = drafts.reopen_form(request.user, key, request.POST)
        form = StandingForm(request.POST, draft=draft, before=Shown(self.before) if self.before else None)
        if not form.is_valid():
            return self.page(draft, form)
        try:
            write_standing(by=self.me, student=self.student, before=self.before, said=form.said, token=draft.token)
        except EncryptionError:
            form.add_error(None, NO_KEY)
            return self.page(draft, form)
        except SupersededError:
            form.add_error(None, CHANGED)
            return self.page(draft, form)
        messages.success(request, "It stands there from now on. What stood there before is kept.")
        return redirect("case:child-standings", student=self.student.pk)

    def superseded(self) -> HttpResponse | None:
        return None

    def shown(self) -> Shown | None:
        return None

    def page(self, draft: drafts.OpenForm, form: StandingForm) -> HttpResponse:
        context: dict[str, Any] = {
            "student": self.student,
            "before": self.before,
            "draft": draft,
            "form": form,
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "safeguarding/case/standing_form.html", context)


class StandingChange(StandingWrite):
    """What it supersedes stays."""

    def of(self, **keys: uuid.UUID) -> uuid.UUID:
        self.before = get_object_or_404(Standing.objects.select_related("student", "superseded_by"), pk=keys["pk"])
        self.student = self.before.student
        return self.before.pk

    def superseded(self) -> HttpResponse | None:
        """A colleague was quicker, or it was sent before."""
        if not hasattr(self.before, "superseded_by"):
            return None
        messages.info(self.request, "It was changed already: this is how it stands.")
        return redirect("case:child-standings", student=self.student.pk)

    def shown(self) -> Shown | None:
        history = history_of([self.student.pk]).get(self.student.pk, [])
        return next(one for one in history if one.row == self.before)
