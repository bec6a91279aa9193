"""The page of gaps between groups, and the same as a file."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.exports import Sheet, Value
from core.limits import EXPORTS, limited
from reports.exports.responses import as_download
from reports.exports.services import Format, export_sheets
from reports.gaps.lines import NO_YEAR, Table, tables_of, year_of
from reports.gaps.measures import MEASURES, Measured, measured
from reports.gaps.suppression import ALL, LEAST
from students.selectors import students_on_roll
from tutoring.groups.selectors import students_visible_to

FORMATS = (Format.XLSX, Format.CSV)
HEADINGS = [
    "Compared by", "Group", "Students", "Everyone else", "Measure", "Figure", "Everyone else’s figure", "Difference",
    "Difference last term", "Change",
]  # fmt: skip
NOT_SHOWN = "not shown"


class GapsMixin(StaffPageMixin):
    """What the page and the file share: of whom, and which year."""

    permission_required = Permission.VIEW_GAPS

    @cached_property
    def everybody(self) -> list[Measured]:
        students = students_on_roll(students_visible_to(self.me, Permission.VIEW_GAPS))
        return measured(students, self.school, timezone.localdate())

    @cached_property
    def years(self) -> dict[str, str]:
        """Value in the address → label; none where there is but one."""
        keys = sorted({year_of(one) for one in self.everybody}, key=lambda key: (key == NO_YEAR, len(key), key))
        return {key: "No year" if key == NO_YEAR else f"Year {key}" for key in keys} if len(keys) > 1 else {}

    @cached_property
    def year(self) -> str:
        asked = self.request.GET.get("year", ALL)
        return asked if asked in self.years else ALL

    def tables(self) -> list[Table]:
        return tables_of(self.everybody, self.year)


class GroupGaps(GapsMixin, TemplateView):
    """Each group beside everybody not in it."""

    template_name = "reports/group_gaps.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counted = [one for one in self.everybody if self.year in (ALL, year_of(one))]
        return super().get_context_data(
            tables=self.tables(),
            measures=MEASURES,
            years=self.years,
            year=self.year,
            number=len(counted),
            least=LEAST,
            formats=FORMATS,
            query=f"year={self.year}" if self.year else "",
            **kwargs,
        )


class GapsExport(GapsMixin, View):
    """The same as a file, with the same left unsaid; on the record before anybody has it."""

    @limited(EXPORTS)
    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        if kind not in FORMATS:
            raise Http404("No such kind of file.")
        sheet = Sheet("Gaps between groups", HEADINGS, [row for table in self.tables() for row in rows_of(table)])
        made = export_sheets(
            [sheet], by=self.me, kind=Format(kind), name="gaps", title=sheet.title,
            filters={"year": self.year} if self.year else {},
        )  # fmt: skip
        return as_download(made, Format(kind), f"gaps-between-groups-{timezone.localdate():%Y-%m-%d}")


def rows_of(table: Table) -> list[list[Value]]:
    """The table as a file holds it: a row a group and measure; one for a group of which nothing is shown."""
    title = table.trait.title
    rows: list[list[Value]] = []
    for line in table.lines:
        for c in line.comparisons:
            figures: list[Value] = [NOT_SHOWN] if c.hidden else [c.figure, c.others, c.difference, c.before, c.change]
            rows.append([title, line.label, line.students, line.others, c.measure.label, *figures])
    rows += [[title, label, NOT_SHOWN, NOT_SHOWN] for label in table.hidden]
    return [row + [None] * (len(HEADINGS) - len(row)) for row in rows]
