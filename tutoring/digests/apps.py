"""Names the app, announces the page of what goes home, and what families chose for messages of other rooms."""

from django.apps import AppConfig


class DigestsConfig(AppConfig):
    name = "tutoring.digests"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import SUPPORT, NavItem, registry
        from tutoring.digests.wishes import wishes
        from tutoring.sessions.praise import WISHES

        registry.add_item(NavItem("Going home", "digests:preview", P.PRAISE_HOME, SUPPORT, 37, rare=True))
        WISHES.append(wishes)
