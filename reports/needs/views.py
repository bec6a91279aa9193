"""The list of students with needs and the list of the whole school: filtered, sorted, paged, taken away."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.exports import Sheet
from core.limits import EXPORTS, limited
from core.pdf import PdfUnavailableError
from reports.dashboards.facts import StudentFacts, facts_of, moment_of
from reports.dashboards.selectors import places_of
from reports.exports.responses import as_download, no_pdf_here
from reports.exports.services import Format, export_sheets
from reports.exports.tables import Column, headings, sheet_of, sorted_rows
from reports.needs.columns import columns_of_needs, columns_of_school
from reports.needs.forms import FilterForm
from reports.needs.selectors import counts_by_need, students_filtered
from students.selectors import students_on_roll
from tutoring.groups.selectors import groups_visible_to, students_visible_to

ROWS_A_PAGE = 50
# About 25 ms a row: more would keep somebody waiting longer than a browser should.
MOST_ON_PAPER = 700


class ListOfStudents(StaffPageMixin):
    """What the page and the file of a list share: who may, which columns, which students, in which order."""

    permission_required: Permission
    name: str
    title: str
    status: str
    page: str

    def columns(self) -> list[Column[StudentFacts]]:
        raise NotImplementedError

    @cached_property
    def form(self) -> FilterForm:
        places = places_of(self.everybody)
        houses = dict.fromkeys((str(pk), name) for pk, name, _ in places if pk)
        years = [(str(year), f"Year {year}") for year in sorted({year for _, _, year in places if year})]
        groups = [(str(group.pk), group.name) for group in groups_visible_to(self.me, self.permission_required)]
        return FilterForm(
            self.request.GET.dict(), school=self.school, status=self.status, houses=houses, years=years, groups=groups
        )

    @cached_property
    def everybody(self) -> Any:
        return students_on_roll(students_visible_to(self.me, self.permission_required))

    @cached_property
    def sort(self) -> str:
        return self.request.GET.get("sort", "")

    def rows(self) -> list[StudentFacts]:
        students = students_filtered(self.everybody, self.form.filters)
        facts = facts_of(students, moment_of(self.school), self.me, grades=True)
        return sorted_rows(self.columns(), facts, self.sort)


class NeedsMixin(ListOfStudents):
    """Students with needs, for the SENCO and senior leaders."""

    permission_required = Permission.VIEW_NEEDS
    name, title, status, page = "needs", "Students with needs", "any", "needs-list"

    def columns(self) -> list[Column[StudentFacts]]:
        return columns_of_needs(self.school)


class SchoolMixin(ListOfStudents):
    """Everyone on roll, for those who may take the school's list away."""

    permission_required = Permission.EXPORT_STUDENTS
    name, title, status, page = "students", "All students", "all", "student-list"

    def columns(self) -> list[Column[StudentFacts]]:
        return columns_of_school(self.school)


class ListPage(ListOfStudents, TemplateView):
    """The list on screen."""

    template_name = "reports/needs_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows, columns = self.rows(), [c for c in self.columns() if c.on_screen]
        page = Paginator(rows, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        others = {name: value for name, value in self.form.filters.items() if name != "need"}
        return super().get_context_data(
            name=self.name,
            title=self.title,
            form=self.form,
            query=urlencode(_address(self.form.filters) | ({"sort": self.sort} if self.sort else {})),
            others=urlencode(_address(others)),
            headings=headings(columns, self.sort),
            name_sort="-name" if self.sort == "name" else "name",
            page=page,
            lines=[(row, [(c.label, c.text(row), c.number) for c in columns]) for row in page],
            number=len(rows),
            counts=counts_by_need(students_filtered(self.everybody, others)),
            formats=list(Format),
            **kwargs,
        )


class ListFile(ListOfStudents, View):
    """The same list as a file."""

    @limited(EXPORTS)
    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        if kind not in set(Format):
            raise Http404("No such kind of file.")
        rows = self.rows()
        if kind == Format.PDF and len(rows) > MOST_ON_PAPER:
            messages.warning(
                request, f"A PDF holds at most {MOST_ON_PAPER} students. Choose a year first, or take XLSX."
            )
            return redirect(f"{reverse(f'reports:{self.page}')}?{request.GET.urlencode()}")
        shape = _on_paper if kind == Format.PDF else sheet_of
        sheet = shape(self.title, self.columns(), rows)
        try:
            made = export_sheets(
                [sheet],
                by=self.me,
                kind=Format(kind),
                name=self.name,
                title=self.title,
                filters=_address(self.form.filters),
            )
        except PdfUnavailableError as missing:
            return no_pdf_here(request, missing)
        return as_download(made, Format(kind), f"{self.name}-{timezone.localdate():%Y-%m-%d}")


class NeedsList(NeedsMixin, ListPage):
    """Students with needs on screen."""


class NeedsExport(NeedsMixin, ListFile):
    """Students with needs as a file."""


class StudentList(SchoolMixin, ListPage):
    """The whole school on screen."""


class StudentExport(SchoolMixin, ListFile):
    """The whole school as a file."""


def _address(filters: dict[str, Any]) -> dict[str, str]:
    """The filters as an address and the record of actions hold them."""
    return {name: "on" if value is True else str(value) for name, value in filters.items()}


def _on_paper(title: str, columns: list[Column[StudentFacts]], rows: list[StudentFacts]) -> Sheet:
    """What the screen shows, the name first: a sheet of paper is no wider."""
    kept = [c for c in columns if c.on_screen]
    lines = [
        [f"{f.student.preferred_surname}, {f.student.preferred_forename}", *(c.text(f) for c in kept)] for f in rows
    ]
    return Sheet(title, ["Student", *(c.label for c in kept)], lines)
