"""Names the app and announces the page of what goes home."""

from django.apps import AppConfig


class DigestsConfig(AppConfig):
    name = "tutoring.digests"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import SUPPORT, NavItem, registry

        registry.add_item(NavItem("Going home", "digests:preview", P.PRAISE_HOME, SUPPORT, 37, rare=True))
