"""Names the app and announces the list of home visits, those of a week to the diary, and what they take to My time."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "tutoring.visits"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import SUPPORT, NavItem, registry
        from tutoring.diary.others import SOURCES
        from tutoring.sessions import own_time
        from tutoring.visits.agenda import visits_in_diary
        from tutoring.visits.selectors import OWN_TIME

        SOURCES.append(visits_in_diary)
        own_time.SOURCES.append(OWN_TIME)
        registry.add_item(NavItem("Home visits", "visits:visit-list", P.PLAN_VISIT, SUPPORT, 32, rare=True))
