"""Names the app and announces the list of those one watches over."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "tutoring.watch"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import SUPPORT, NavItem, registry

        registry.add_item(NavItem("Watching over", "watch:list", P.KEEP_WATCH, SUPPORT, 37, rare=True))
