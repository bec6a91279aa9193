"""Names the app and announces the list of interventions."""

from django.apps import AppConfig


class InterventionsConfig(AppConfig):
    name = "tutoring.interventions"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import SUPPORT, NavItem, registry

        registry.add_item(NavItem("Interventions", "interventions:list", P.USE_WAYMARK, SUPPORT, 35, rare=True))
