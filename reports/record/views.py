"""Pages of the record: my own lines, the search, and who has opened a student's page."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.generic import ListView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from audit.models import Event
from audit.services import record
from core.exports import Sheet
from core.limits import EXPORTS, SEARCHES, limited
from reports.exports.responses import as_download
from reports.exports.services import Format, export_sheets
from reports.record.forms import SearchForm, StudentForm
from reports.record.selectors import events_about, events_of, events_searched, lines_of, standing
from students.models import Student
from students.selectors import students_matching
from tutoring.desk.student_page import StudentPage
from tutoring.groups.selectors import students_visible_to

PER_PAGE = 50
MOST_FOUND = 12
MOST_IN_A_FILE = 20_000
HEADINGS = ["When", "Who", "Did", "Particulars", "Student", "Where from"]


class Lines(ListView):  # type: ignore[type-arg]
    """Events a page at a time, the newest first, as lines."""

    context_object_name = "events"
    paginate_by = PER_PAGE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["lines"] = lines_of(context["page_obj"], self.request.user)  # type: ignore[arg-type]
        return context


class MyRecord(StaffPageMixin, Lines):
    """What I did and opened; nothing about anybody else."""

    permission_required = Permission.USE_WAYMARK
    template_name = "reports/record_mine.html"

    def get_queryset(self) -> QuerySet[Event]:
        return events_of(self.me)


class Search(StaffPageMixin):
    """What the page and the file of a search share."""

    permission_required = Permission.SEARCH_RECORD

    @cached_property
    def form(self) -> SearchForm:
        return SearchForm(self.request.GET.dict(), school=self.school)

    @cached_property
    def student(self) -> Student | None:
        """The one asked for, as far as this person may search for them."""
        visible = students_visible_to(self.me, Permission.SEARCH_RECORD)
        asked = self.form.filters.get("student")
        return visible.filter(pk=asked).first() if asked else None

    def events(self) -> QuerySet[Event]:
        return events_searched(self.school, self.form.filters)


class RecordSearch(Search, Lines):
    """The search, for the few who answer for the record. Searching is on the record too."""

    template_name = "reports/record_search.html"

    @limited(SEARCHES)
    def post(self, request: HttpRequest) -> HttpResponseBase:
        """A student by name: the page again, with those who fit to choose from."""
        return super().get(request)

    def get_queryset(self) -> QuerySet[Event]:
        return self.events()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.form.filters:
            record("record.searched", by=self.me, student=self.form.filters.get("student"), filters=self.form.address)
        by_name = StudentForm(self.request.POST if self.request.method == "POST" else None)
        visible = students_visible_to(self.me, Permission.SEARCH_RECORD)
        name = by_name.cleaned_data["name"] if by_name.is_valid() else ""
        return super().get_context_data(
            form=self.form,
            by_name=by_name,
            asked=bool(name),
            found=list(students_matching(visible, name)[:MOST_FOUND]) if name else [],
            student=self.student,
            query=urlencode(self.form.address),
            others=urlencode({k: v for k, v in self.form.address.items() if k != "student"}),
            standing=standing(),
            **kwargs,
        )


class RecordExport(Search, View):
    """The same lines as a file, the newest first."""

    @limited(EXPORTS)
    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = [
            [
                timezone.localtime(line.at).isoformat(timespec="seconds"),
                line.who,
                line.did,
                line.particulars,
                "not visible to you" if line.hidden else str(line.student or ""),
                line.where,
            ]
            for line in lines_of(self.events()[:MOST_IN_A_FILE], self.me)
        ]
        made = export_sheets(
            [Sheet("Record", HEADINGS, rows)],
            by=self.me,
            kind=Format.CSV,
            name="record-of-actions",
            title="Record",
            filters=self.form.address,
        )
        return as_download(made, Format.CSV, f"record-of-actions-{timezone.localdate():%Y-%m-%d}")


class StudentReaders(StudentPage, Lines):
    """Who has opened this student's pages: a tab for those who may search the record."""

    permission_required = Permission.SEARCH_RECORD
    template_name = "reports/record_student.html"

    def get_queryset(self) -> QuerySet[Event]:
        return events_about(self.student)
