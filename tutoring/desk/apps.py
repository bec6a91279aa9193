"""Names the desk app and announces its pages: Today, My students, the tabs of a student's page."""

from typing import cast

from django.apps import AppConfig
from django.http import HttpRequest


class DeskConfig(AppConfig):
    name = "tutoring.desk"

    def ready(self) -> None:
        from accounts.permissions import Permission as P
        from core.navigation import SUPPORT, NavItem, StudentTab, registry

        registry.add_item(NavItem("Today", "desk:today", P.USE_WAYMARK, order=10))
        registry.add_item(
            NavItem(_students, "desk:student-list", P.VIEW_STUDENT, order=20, count=_my_students, key="g s")
        )
        registry.add_item(NavItem("This term", "desk:term-clock", P.VIEW_TEAM_SESSION, order=25, key="g t"))
        registry.add_item(NavItem("Alerts", "followup:alert-list", P.LOG_SESSION, SUPPORT, 31))
        for order, (label, name, permission) in enumerate(
            [
                ("Story", "story", P.VIEW_STUDENT),
                ("What helps", "strategies", P.VIEW_STRATEGY),
                ("Plans", "plans", P.VIEW_PLAN),
                ("Attendance", "attendance", P.VIEW_ATTENDANCE),
                ("Progress", "progress", P.VIEW_PROGRESS),
                ("Behaviour", "behaviour", P.VIEW_PROGRESS),
                ("Warnings", "warnings", P.VIEW_WARNING),
                ("Referrals", "referrals", P.VIEW_REFERRAL),
                ("Handover", "handovers", P.VIEW_HANDOVER),
                ("Family & contacts", "family", P.VIEW_FAMILY),
                ("Support & SEN", "support", P.VIEW_SUPPORT),
            ],
            start=1,
        ):
            rare = name in ("referrals", "handovers")
            registry.add_tab(StudentTab(label, f"desk:student-{name}", permission, order * 10, rare))


def _is_tutor(request: HttpRequest) -> bool:
    from accounts.enums import Role
    from accounts.models import User

    return bool(cast(User, request.user).roles & {Role.TUTOR, Role.ONE_TO_ONE_TUTOR})


def _students(request: HttpRequest) -> str:
    return "My students" if _is_tutor(request) else "Students"


def _my_students(request: HttpRequest) -> str:
    from accounts.models import User
    from tutoring.desk.selectors import my_student_count

    return str(my_student_count(cast(User, request.user)) or "") if _is_tutor(request) else ""
