"""Names the app and announces its list; the tab on a student's page is the desk's, whose frame it is."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "tutoring.referrals"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import SUPPORT, NavItem, registry

        registry.add_item(NavItem("Referrals", "referrals:referral-list", Permission.VIEW_REFERRAL, SUPPORT, 33))
