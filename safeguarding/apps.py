"""Names the safeguarding app and announces its page."""

from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    name = "safeguarding"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import NavItem, registry

        registry.add_item(
            NavItem(
                "Raise a concern",
                "safeguarding:raise-concern",
                Permission.USE_WAYMARK,
                section="Safeguarding",
                order=900,
                key="c",
                pinned=True,
            )
        )
