"""Names the reports app and announces its pages."""

from typing import cast

from django.apps import AppConfig
from django.http import HttpRequest


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import NavItem, StudentTab, registry

        items = (
            NavItem(_dashboard, "reports:house-dashboard", Permission.VIEW_DASHBOARD, section=_house, order=50),
            NavItem("Gaps between groups", "reports:group-gaps", Permission.VIEW_GAPS, section=_house, order=51),
            NavItem("Students with needs", "reports:needs-list", Permission.VIEW_NEEDS, section=_house, order=52),
            NavItem("Reports", "reports:run-list", Permission.RUN_REPORTS, section="School", order=70),
            NavItem(
                "Lists and exports", "reports:student-list", Permission.EXPORT_STUDENTS, section="School", order=80
            ),
            NavItem(
                "Use of force in figures", "reports:force-figures", Permission.SEE_INCIDENT_FIGURES,
                section="School", order=85,
            ),
            NavItem("Search the record", "record:search", Permission.SEARCH_RECORD, section="School", order=95),
        )  # fmt: skip
        for item in items:
            registry.add_item(item)
        registry.add_tab(StudentTab("Reports", "reports:student-reports", Permission.VIEW_REPORT, 70, rare=True))
        registry.add_tab(StudentTab("Pack", "reports:student-pack", Permission.MAKE_PACK, 75, rare=True))
        registry.add_tab(StudentTab("Opened by", "record:student-readers", Permission.SEARCH_RECORD, 95, rare=True))


def _dashboard(request: HttpRequest) -> str:
    from accounts.models import User
    from reports.dashboards.scope import dashboard_label

    return dashboard_label(cast(User, request.user))


def _house(request: HttpRequest) -> str:
    """What the school calls a house heads its part of the side bar."""
    school = getattr(request.user, "school", None)
    return school.house_label if school else "House"
