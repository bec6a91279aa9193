"""Names the safeguarding app and announces its pages, and what of its own stands on the desk."""

from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    name = "safeguarding"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import NavItem, registry
        from safeguarding.rooms import rooms
        from safeguarding.unspoken import desk_card

        rooms.on_desk.append(desk_card)

        registry.add_item(
            NavItem(
                "Raise a concern",
                "safeguarding:raise-concern",
                Permission.RAISE_CONCERN,
                section="Safeguarding",
                order=900,
                key="c",
                pinned=True,
            )
        )
        registry.add_item(
            NavItem(
                "Safeguarding desk",
                "safeguarding:desk",
                Permission.OPEN_FILE,
                section="Safeguarding",
                order=910,
                pinned=True,
            )
        )
