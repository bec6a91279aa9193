"""Names the accounts app and ties the permission table to has_perm."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import permissions

        permissions.register_rules()
