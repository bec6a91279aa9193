"""Names the app and announces its pages."""

from django.apps import AppConfig


class TutorialsConfig(AppConfig):
    name = "tutoring.tutorials"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import GROUPS, NavItem, registry

        registry.add_item(NavItem("Group tutorials", "tutorials:tutorial-list", P.RUN_TUTORIAL, GROUPS, 27))
        registry.add_item(NavItem("Tutorial programme", "tutorials:programme", P.KEEP_PROGRAMME, GROUPS, 45, rare=True))
