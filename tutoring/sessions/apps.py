"""Names the sessions app; its label differs because Django owns `sessions`."""

from django.apps import AppConfig


class TutorSessionsConfig(AppConfig):
    name = "tutoring.sessions"
    label = "tutor_sessions"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import GROUPS, SUPPORT, NavItem, registry

        registry.add_item(NavItem("Sessions", "tutor_sessions:session-list", P.LOG_SESSION, SUPPORT, 30))
        registry.add_item(NavItem("Comments", "tutor_sessions:comment-list", P.WRITE_COMMENT, GROUPS, 44, rare=True))
