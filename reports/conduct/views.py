"""Rewards and sanctions of a group or house: per student, this term and last, week by week; and as a file."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.limits import EXPORTS, limited
from reports.conduct.columns import columns_of_totals, most_in_a_week, picture_of
from reports.dashboards.selectors import places_of
from reports.exports.responses import as_download
from reports.exports.services import Format, export_sheets
from reports.exports.tables import headings, sheet_of, sorted_rows
from students.selectors import students_on_roll
from tutoring.conduct.totals import Sums, Totals, spans_of, totals_of
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import groups_tutored_by, groups_visible_to, students_of_group, students_visible_to

FORMATS = (Format.XLSX, Format.CSV)


class TotalsMixin(StaffPageMixin):
    """What the page and the file share: who may, of whom, in which order."""

    permission_required: Permission = Permission.VIEW_PROGRESS

    @cached_property
    def groups(self) -> list[TutorGroup]:
        return list(groups_visible_to(self.me, self.permission_required))

    @cached_property
    def houses(self) -> dict[str, str]:
        found = places_of(students_on_roll(students_visible_to(self.me, self.permission_required)))
        return dict(sorted({str(pk): name for pk, name, _ in found if pk}.items(), key=lambda pair: pair[1]))

    @cached_property
    def of_whom(self) -> str:
        """ "group-<id>" or "house-<id>"; without an address one's own group, else the first."""
        wanted = self.request.GET.get("of", "")
        known = {f"group-{group.pk}" for group in self.groups} | {f"house-{pk}" for pk in self.houses}
        if wanted and wanted not in known:
            raise Http404("No such group or house")
        mine = set(groups_tutored_by(self.me).values_list("pk", flat=True)) if not wanted else set()
        first = sorted(self.groups, key=lambda group: group.pk not in mine)[:1]
        return wanted or (f"group-{first[0].pk}" if first else "")

    @cached_property
    def title(self) -> str:
        what, _, key = self.of_whom.partition("-")
        names = {str(group.pk): group.name for group in self.groups} if what == "group" else self.houses
        return f"Rewards and sanctions, {names[key]}" if key else "Rewards and sanctions"

    @cached_property
    def sort(self) -> str:
        return self.request.GET.get("sort", "")

    def rows(self) -> list[Totals]:
        what, _, key = self.of_whom.partition("-")
        seen = students_on_roll(students_visible_to(self.me, self.permission_required))
        if what == "house":
            students = seen.filter(house__pk=key)
        else:
            group = next((group for group in self.groups if str(group.pk) == key), None)
            students = seen.filter(pk__in=students_of_group(group).values("pk")) if group else seen.none()
        now, before = spans_of(self.school, timezone.localdate())
        return sorted_rows(columns_of_totals(), totals_of(students, now, before), self.sort)


class ConductTotals(TotalsMixin, TemplateView):
    """On screen, with a bar for each week."""

    template_name = "reports/conduct_totals.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows, columns = self.rows(), [c for c in columns_of_totals() if c.on_screen]
        most = most_in_a_week(rows)
        return super().get_context_data(
            title=self.title,
            of=self.of_whom,
            query=urlencode({"of": self.of_whom} | ({"sort": self.sort} if self.sort else {})),
            headings=headings(columns, self.sort),
            lines=[(r, [(c.label, c.text(r), c.number) for c in columns], picture_of(r, most)) for r in rows],
            together=_together([row.now for row in rows]),
            before=_together([row.before for row in rows]),
            formats=FORMATS,
            name_sort="-name" if self.sort == "name" else "name",
            choices=self._choices(),
            **kwargs,
        )

    def _choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Groups, then houses of whose students this person sees some, under what the school calls them."""
        groups = [(f"group-{group.pk}", group.name) for group in self.groups]
        houses = [(f"house-{key}", name) for key, name in self.houses.items()]
        return [(self.school.tutor_group_label, groups), (self.school.house_label, houses)]


class ConductExport(TotalsMixin, View):
    """The same as a file; on the record before anybody has it."""

    permission_required = Permission.EXPORT_CONDUCT

    @limited(EXPORTS)
    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        if kind not in FORMATS:
            raise Http404("No such kind of file.")
        sheet = sheet_of("Rewards and sanctions", columns_of_totals(), self.rows())
        made = export_sheets(
            [sheet], by=self.me, kind=Format(kind), name="conduct", title=self.title, filters={"of": self.of_whom}
        )
        return as_download(made, Format(kind), f"rewards-and-sanctions-{timezone.localdate():%Y-%m-%d}")


def _together(sums: list[Sums]) -> Sums:
    return Sums(
        rewards=sum(one.rewards for one in sums),
        sanctions=sum(one.sanctions for one in sums),
        gained=sum(one.gained for one in sums),
        lost=sum(one.lost for one in sums),
    )
