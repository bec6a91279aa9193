"""One student's record, to look at and to take away."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from audit.services import record
from core.exports import Sheet
from core.limits import EXPORTS, limited
from core.pdf import PdfUnavailableError
from reports.dashboards.facts import facts_of, moment_of
from reports.exports.record import record_of
from reports.exports.responses import as_download, no_pdf_here
from reports.exports.services import Format, export_sheets
from reports.exports.tables import shown
from students.models import Student
from tutoring.groups.selectors import students_visible_to

OWN_DATA = "own-data"


class RecordMixin(StaffPageMixin):
    """The student of the address, if this person may take that student's record away."""

    permission_required = Permission.EXPORT_STUDENTS
    kwargs: dict[str, Any]

    @cached_property
    def student(self) -> Student:
        return get_object_or_404(students_visible_to(self.me, Permission.EXPORT_STUDENTS), pk=self.kwargs["pk"])

    def sheets(self, *, own_data: bool = False) -> list[Sheet]:
        one = students_visible_to(self.me, Permission.EXPORT_STUDENTS).filter(pk=self.student.pk)
        facts = facts_of(one, moment_of(self.school), self.me)[0]
        return record_of(facts, self.school, own_data=own_data)


class StudentRecord(RecordMixin, TemplateView):
    """The record on screen: what a file would hold."""

    template_name = "reports/export_record.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record("record.opened", by=self.me, obj=self.student)
        tables = [(s.title, s.headings, [[shown(value) for value in row] for row in s.rows]) for s in self.sheets()]
        return super().get_context_data(
            student=self.student, tables=tables, formats=list(Format), own_data=f"for={OWN_DATA}", **kwargs
        )


class StudentRecordExport(RecordMixin, View):
    """The record as a file; asked for as somebody's own data (a subject access request), with their ethnicity."""

    @limited(EXPORTS)
    def get(self, request: HttpRequest, pk: Any, kind: str) -> HttpResponseBase:
        if kind not in set(Format):
            raise Http404("No such kind of file.")
        own = request.GET.get("for") == OWN_DATA
        name, title = OWN_DATA if own else "record", f"Record of {self.student}"
        try:
            sheets = self.sheets(own_data=own)
            made = export_sheets(sheets, by=self.me, kind=Format(kind), name=name, title=title, about=self.student)
        except PdfUnavailableError as missing:
            return no_pdf_here(request, missing)
        return as_download(made, Format(kind), f"record-{timezone.localdate():%Y-%m-%d}")
