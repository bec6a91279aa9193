"""Names the attendance app and announces the registers."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "tutoring.attendance"

    def ready(self) -> None:
        from accounts.permissions import Permission
        from core.navigation import GROUPS, NavItem, registry

        registry.add_item(NavItem("Registers", "attendance:register-list", Permission.TAKE_REGISTER, GROUPS, 26))
