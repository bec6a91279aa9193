"""Names the plans app and announces the bank; the tab on a student's page is the desk's, whose frame it is."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tutoring.plans"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import SUPPORT, NavItem, registry

        registry.add_item(NavItem("Model plans", "plans:model-list", Permission.VIEW_PLAN, SUPPORT, 34, rare=True))
