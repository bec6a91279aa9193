"""Names the room of the file in which it is said who reads what besides those whose role it is."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "safeguarding.sharing"

    def ready(self) -> None:
        from core.navigation import registry
        from safeguarding.rooms import rooms
        from safeguarding.sharing import cards, lead_cover
        from tutoring.groups.cover import registry as covers

        registry.notices.append(cards.notices)
        covers.refusals.append(lead_cover.why_not)
        rooms.on_desk.append(cards.on_desk)
        rooms.on_concern.append(cards.on_concern)
        rooms.on_child.append(cards.on_child)
