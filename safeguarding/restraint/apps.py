"""Names the room, announces its pages and what of it is due on Today."""

from django.apps import AppConfig


class RestraintConfig(AppConfig):
    name = "safeguarding.restraint"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import NavItem, registry
        from safeguarding.restraint.selectors import incidents_due
        from students.due import announce

        registry.add_item(
            NavItem("Use of force", "restraint:list", P.RECORD_INCIDENT, section="Safeguarding", order=920, pinned=True)
        )
        announce(P.RECORD_INCIDENT, incidents_due)
