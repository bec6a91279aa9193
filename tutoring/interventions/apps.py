"""Names the app and announces the list of interventions, and what their meetings take to My time."""

from django.apps import AppConfig


class InterventionsConfig(AppConfig):
    name = "tutoring.interventions"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import SUPPORT, NavItem, registry
        from tutoring.interventions.selectors import OWN_TIME
        from tutoring.sessions.own_time import SOURCES

        SOURCES.append(OWN_TIME)
        registry.add_item(NavItem("Interventions", "interventions:list", P.USE_WAYMARK, SUPPORT, 35, rare=True))
