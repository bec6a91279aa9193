"""The page of figures, and the same as a file."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.exports import Sheet, Value
from core.limits import EXPORTS, limited
from core.pdf import PdfUnavailableError
from reports.exports.responses import as_download, no_pdf_here
from reports.exports.services import Format, export_sheets
from reports.force.figures import Figures, Line, figures_between
from reports.gaps.suppression import LEAST
from students.models import Term
from students.selectors import terms_of, year_start

FORMATS = (Format.XLSX, Format.CSV, Format.PDF)
HEADINGS = ["Compared by", "Group", "Uses", "Pupils", "Pupils on roll", "Of 100 on roll"]
NOT_SHOWN = "not shown"


class FiguresMixin(StaffPageMixin):
    """What the page and the file share: of which term; "" is the school year so far."""

    permission_required = Permission.SEE_INCIDENT_FIGURES

    @cached_property
    def terms(self) -> dict[str, Term]:
        """Those that have begun, the latest first: value in the address → term."""
        begun = terms_of(self.school).filter(starts_on__lte=timezone.localdate()).order_by("-starts_on")
        return {f"{term.year}-{term.name}": term for term in begun[:6]}

    @cached_property
    def chosen(self) -> str:
        asked = self.request.GET.get("term", "")
        return asked if asked in self.terms else ""

    @cached_property
    def span(self) -> tuple[dt.date, dt.date]:
        if self.chosen:
            term = self.terms[self.chosen]
            return term.starts_on, min(term.ends_on, timezone.localdate())
        return year_start(self.school), timezone.localdate()

    @cached_property
    def figures(self) -> Figures:
        return figures_between(*self.span)


class ForceFigures(FiguresMixin, TemplateView):
    """Counts by group, and of a hundred on roll."""

    template_name = "reports/force_figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            figures=self.figures, span=self.span, terms=self.terms, term=self.chosen, least=LEAST, formats=FORMATS,
            query=f"term={self.chosen}" if self.chosen else "", **kwargs,
        )  # fmt: skip


class ForceExport(FiguresMixin, View):
    """The same as a file, with the same left unsaid; on the record before anybody has it."""

    @limited(EXPORTS)
    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        if kind not in FORMATS:
            raise Http404("No such kind of file.")
        tables = [("Whole school", [self.figures.whole]), *((t.title, t.lines) for t in self.figures.tables)]
        rows = [row_of(title, line) for title, lines in tables for line in lines]
        title = f"Use of force, {self.span[0]:%-d %B %Y} to {self.span[1]:%-d %B %Y}"
        try:
            made = export_sheets(
                [Sheet(title, HEADINGS, rows)], by=self.me, kind=Format(kind), name="force", title=title,
                filters={"term": self.chosen} if self.chosen else {},
            )  # fmt: skip
        except PdfUnavailableError as missing:
            return no_pdf_here(request, missing)
        return as_download(made, Format(kind), f"use-of-force-{timezone.localdate():%Y-%m-%d}")


def row_of(title: str, line: Line) -> list[Value]:
    """A line of the file; what may not be said is said to be left out."""
    if line.hidden:
        return [title, line.label, NOT_SHOWN, NOT_SHOWN, line.roll or None, NOT_SHOWN]
    return [title, line.label, line.records, line.pupils, line.roll or None, line.share]
