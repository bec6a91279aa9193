"""Names the app and announces its list, and next meetings to the diary; the tab on a student's page is the desk's."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "tutoring.referrals"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import SUPPORT, NavItem, registry
        from tutoring.diary.others import SOURCES
        from tutoring.referrals.agenda import meetings_in_diary

        SOURCES.append(meetings_in_diary)
        registry.add_item(NavItem("Referrals", "referrals:referral-list", Permission.VIEW_REFERRAL, SUPPORT, 33))
