"""Names the app and announces the list of home visits, and those of a week to the diary."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "tutoring.visits"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import SUPPORT, NavItem, registry
        from tutoring.diary.others import SOURCES
        from tutoring.visits.agenda import visits_in_diary

        SOURCES.append(visits_in_diary)
        registry.add_item(NavItem("Home visits", "visits:visit-list", P.PLAN_VISIT, SUPPORT, 32, rare=True))
