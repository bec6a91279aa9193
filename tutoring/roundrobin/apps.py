"""Names the app and announces the list of what one is asked."""

from django.apps import AppConfig


class RoundRobinConfig(AppConfig):
    name = "tutoring.roundrobin"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import SUPPORT, NavItem, registry

        registry.add_item(NavItem("Asked of me", "roundrobin:asked-of-me", P.USE_WAYMARK, SUPPORT, 30))
