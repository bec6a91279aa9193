"""Names the diary app and announces its page, and the tutorials that stand in a week."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "tutoring.diary"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import NavItem, registry
        from tutoring.diary.others import SOURCES
        from tutoring.diary.tutorial_days import tutorial_days

        registry.add_item(NavItem("Diary", "diary:week", Permission.LOG_SESSION, order=22))
        SOURCES.append(tutorial_days)
