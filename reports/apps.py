"""Names the reports app and announces its pages."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import NavItem, StudentTab, registry

        registry.add_item(NavItem("Reports", "reports:run-list", Permission.RUN_REPORTS, section="School", order=70))
        registry.add_tab(StudentTab("Reports", "reports:student-reports", Permission.VIEW_REPORT, order=70))
