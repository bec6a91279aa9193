"""Names the app and announces the list of what helps; the tab on a student's page is the desk's, whose frame it is."""

from django.apps import AppConfig


class StrategiesConfig(AppConfig):
    name = "tutoring.strategies"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import SUPPORT, NavItem, registry

        registry.add_item(NavItem("What helps", "strategies:list", P.VIEW_STRATEGY, SUPPORT, 29, rare=True))
