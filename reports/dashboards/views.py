"""The dashboard of a house, a year or the school, and the named rows behind each of its numbers."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.views.generic import TemplateView

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from reports.dashboards.conditions import CONDITIONS, rows_of
from reports.dashboards.facts import StudentFacts, facts_of, moment_of
from reports.dashboards.lines import compared, lines_by_group, lines_by_house, lines_by_year, whole
from reports.dashboards.scope import Scope, dashboard_label, scope_of
from reports.dashboards.selectors import school_figure
from tutoring.groups.selectors import tutors_by_group

LISTS = ("silence", "overdue", "new", "going-well")
SHOWN = 6
ROWS_A_PAGE = 200


class HouseDashboard(StaffPageMixin, TemplateView):
    """One line a tutor group, or a house and a year where one answers for the whole school."""

    permission_required = Permission.VIEW_DASHBOARD
    template_name = "reports/dashboard_house.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scope = scope_of(self.me, self.request.GET.dict())
        moment = moment_of(self.school)
        facts = facts_of(scope.students, moment, self.me)
        all_of_school = school_figure(self.school, moment.year_start, moment.today)
        return super().get_context_data(
            scope=scope,
            moment=moment,
            title=f"{scope.name} dashboard" if scope.name else dashboard_label(self.me),
            total=whole(facts, scope.query),
            comparison=compared(whole(facts, "").figure, all_of_school),
            school_figure=all_of_school,
            tables=[_with_comparisons(table, all_of_school) for table in self._tables(scope, facts)],
            lists=[{"condition": CONDITIONS[key], "rows": rows_of(CONDITIONS[key], facts)} for key in LISTS],
            shown=SHOWN,
            **kwargs,
        )

    def _tables(self, scope: Scope, facts: list[StudentFacts]) -> list[dict[str, Any]]:
        chosen = dict(scope.chosen)
        if len(scope.houses) > 1 and len(scope.years) > 1 and not chosen:
            return [
                {
                    "title": f"By {self.school.house_label.lower()}",
                    "lines": lines_by_house(facts, chosen),
                    "opens": True,
                },
                {"title": "By year", "lines": lines_by_year(facts, chosen), "opens": True},
            ]
        found = tutors_by_group({f.group_id for f in facts if f.group_id})
        tutors = {group: ", ".join(person.formal_name for person in people) for group, people in found.items()}
        title = f"By {self.school.tutor_group_label.lower()}"
        return [{"title": title, "lines": lines_by_group(facts, chosen, tutors), "tutors": True}]


def _with_comparisons(table: dict[str, Any], school: Any) -> dict[str, Any]:
    lines = [{"line": line, "comparison": compared(line.figure, school)} for line in table["lines"]]
    return table | {"lines": lines}


class StudentRows(StaffPageMixin, TemplateView):
    """The students behind one number, each with the fact that put it there."""

    permission_required = Permission.VIEW_DASHBOARD
    template_name = "reports/dashboard_rows.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        condition = CONDITIONS.get(self.request.GET.get("show", "all"))
        if condition is None:
            raise Http404("No such list.")
        scope = scope_of(self.me, self.request.GET.dict())
        facts = facts_of(scope.students, moment_of(self.school), self.me)
        rows = rows_of(condition, facts)
        group = facts[0].group_name if facts and scope.chosen.get("group") else ""
        return super().get_context_data(
            condition=condition,
            conditions=CONDITIONS.values(),
            scope=scope,
            place=group or scope.name or self.school.name,
            dashboard=dashboard_label(self.me),
            number=len(rows),
            people=len({row.facts.student.pk for row in rows}),
            students=len(facts),
            page=Paginator(rows, ROWS_A_PAGE).get_page(self.request.GET.get("page")),
            **kwargs,
        )
