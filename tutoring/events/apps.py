"""Names the app and announces the list of events."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "tutoring.events"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import GROUPS, NavItem, registry

        registry.add_item(NavItem("Events", "events:list", P.USE_WAYMARK, GROUPS, 48, rare=True))
