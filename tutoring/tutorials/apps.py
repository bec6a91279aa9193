"""Names the app and announces its pages."""

from django.apps import AppConfig


class TutorialsConfig(AppConfig):
    name = "tutoring.tutorials"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import NavItem, registry

        registry.add_item(NavItem("Group tutorials", "tutorials:tutorial-list", P.RUN_TUTORIAL, order=31))
        registry.add_item(NavItem("Tutorial programme", "tutorials:programme", P.KEEP_PROGRAMME, order=44))
