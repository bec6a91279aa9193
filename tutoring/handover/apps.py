"""Names the app and announces its pages; the tab on a student's page is the desk's, whose frame it is."""

from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "tutoring.handover"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import GROUPS, SUPPORT, NavItem, registry

        registry.add_item(NavItem("Handover", "handover:handover-list", P.WRITE_HANDOVER, SUPPORT, 36, rare=True))
        registry.add_item(NavItem("Who has which group", "handover:group-list", P.CHANGE_TUTOR, GROUPS, 46, rare=True))
        registry.add_item(NavItem("New school year", "handover:new-year", P.IMPORT_DATA, "School", 85, rare=True))
