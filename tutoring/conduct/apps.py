"""Names the conduct app and announces its pages."""

from django.apps import AppConfig


class ConductConfig(AppConfig):
    name = "tutoring.conduct"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import GROUPS, NavItem, registry

        registry.add_item(NavItem("Rewards and sanctions", "conduct:entry-list", Permission.ENTER_CONDUCT, GROUPS, 43))
        registry.add_item(NavItem("Planners", "conduct:planner-list", Permission.CHECK_PLANNERS, GROUPS, 28))
