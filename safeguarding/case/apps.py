"""Names the room and announces what of it stands on the desk and beside a concern."""

from django.apps import AppConfig


class CaseConfig(AppConfig):
    name = "safeguarding.case"

    def ready(self) -> None:
        from safeguarding.case.cards import child_card, concern_card, desk_card, standing_card, still_due
        from safeguarding.rooms import rooms

        rooms.on_desk.append(desk_card)
        rooms.on_concern.append(concern_card)
        rooms.before_closing.append(still_due)
        rooms.beside_concern.append(standing_card)
        rooms.on_child.append(child_card)
