"""Names the room; it is reached from the safeguarding desk and from a child's file."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "safeguarding.retention"

    def ready(self) -> None:
        from safeguarding.retention.selectors import child_card, concern_card, desk_card
        from safeguarding.rooms import rooms

        rooms.on_desk.append(desk_card)
        rooms.on_concern.append(concern_card)
        rooms.on_child.append(child_card)
