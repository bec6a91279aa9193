"""Names the room of the file in which it is said who reads what besides those whose role it is."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "safeguarding.sharing"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import registry
        from safeguarding.rooms import rooms
        from safeguarding.sharing import cards, lead_cover, lines
        from students.due import announce
        from tutoring.groups.cover import registry as covers

        registry.notices.append(cards.notices)
        announce(Permission.USE_WAYMARK, lines.noticed)
        announce(Permission.KEEP_FILE, lines.handovers_asking)
        covers.refusals.append(lead_cover.why_not)
        rooms.on_desk.append(cards.on_desk)
        rooms.on_concern.append(cards.on_concern)
        rooms.on_child.append(cards.on_child)
