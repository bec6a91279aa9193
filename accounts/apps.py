"""Names the accounts app, ties the permission table to has_perm, and announces the school's settings."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import guard, mail_after, permissions, sign_in_events
        from core.navigation import NavItem, registry

        permissions.register_rules()
        sign_in_events.connect()
        mail_after.connect()
        post_migrate.connect(guard.after_migrate, sender=self)
        registry.add_item(
            NavItem(
                "School settings",
                "accounts:school-settings",
                permissions.Permission.CHANGE_SCHOOL,
                section="School",
                order=90,
            )
        )
