"""Names the exchange app and announces its page."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "exchange"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import NavItem, registry

        registry.add_item(
            NavItem("Import data", "exchange:run-list", Permission.IMPORT_DATA, section="School", order=80)
        )
