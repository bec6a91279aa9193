"""Names the app; its pages are reached from the safeguarding desk alone."""

from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "safeguarding.transfer"

    def ready(self) -> None:
        from safeguarding.rooms import rooms
        from safeguarding.transfer.selectors import desk_card

        rooms.on_desk.append(desk_card)
