"""Names the room and announces its page."""

from django.apps import AppConfig


class InvestigationsConfig(AppConfig):
    name = "safeguarding.investigations"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import NavItem, registry
        from safeguarding.investigations.selectors import follow_ups_due, statements_due
        from students.due import announce

        announce(P.USE_WAYMARK, statements_due)
        announce(P.INVESTIGATE, follow_ups_due)
        registry.add_item(
            NavItem(
                "Investigations", "investigations:list", P.INVESTIGATE, section="Safeguarding", order=930, pinned=True
            )
        )
