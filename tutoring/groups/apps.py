"""Names the groups app, announces its page, and has the database's catalogue looked at with Django's checks."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class TutoringGroupsConfig(AppConfig):
    name = "tutoring.groups"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import GROUPS, NavItem, registry
        from tutoring.groups.checks import check_lock

        register(check_lock, Tags.database)
        registry.add_item(NavItem("Cover", "groups:cover-list", Permission.ARRANGE_COVER, GROUPS, 47, rare=True))
