"""Names the diary app and announces its page."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "tutoring.diary"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import NavItem, registry

        registry.add_item(NavItem("Diary", "diary:week", Permission.LOG_SESSION, order=22))
