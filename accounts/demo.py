"""The demo's sign-ins: one invented person per role, and the one password that works only while DEMO is on."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.enums import Role

DEMO_PASSWORD = "waymark-demo-2026"  # noqa: S105 - public on purpose; RoleBackend refuses it outside the demo
DEMO_SCHOOL = "Northgate School"
DEMO_DOMAIN = "northgate.example"


@dataclass(frozen=True)
class DemoAccount:
    """A person of the demo who stands for a role; `local_part` is the e-mail address before the @."""

    role: Role
    local_part: str
    title: str
    first_name: str
    last_name: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def email(self) -> str:
        return f"{self.local_part}@{DEMO_DOMAIN}"


DEMO_ACCOUNTS = (
    DemoAccount(Role.TUTOR, "tutor", "Ms", "Priya", "Shah"),
    DemoAccount(Role.ONE_TO_ONE_TUTOR, "one.to.one", "Mr", "Marcus", "Adeyemi"),
    DemoAccount(Role.HEAD_OF_HOUSE, "head.of.house", "Mrs", "Helen", "Whitfield"),
    DemoAccount(Role.DEPUTY_HEAD_OF_HOUSE, "deputy.head.of.house", "Mr", "Tom", "Ridley"),
    DemoAccount(Role.HEAD_OF_YEAR, "head.of.year", "Miss", "Sadia", "Rahman"),
    DemoAccount(Role.SENCO, "senco", "Mrs", "Ruth", "Pemberton"),
    DemoAccount(Role.DSL, "dsl", "Mr", "Gareth", "Bowen"),
    DemoAccount(Role.DEPUTY_DSL, "deputy.dsl", "Ms", "Orla", "Devlin"),
    DemoAccount(Role.HEADTEACHER, "head", "Dr", "Margaret", "Ashworth"),
    DemoAccount(Role.SENIOR_LEADER, "senior.leader", "Mr", "Kwame", "Boateng"),
    DemoAccount(Role.DATA_MANAGER, "data.manager", "Mr", "Alan", "Fairclough"),
    DemoAccount(Role.ATTENDANCE_OFFICER, "attendance", "Mrs", "Carol", "Tempest"),
    DemoAccount(Role.NURSE, "nurse", "Mrs", "Joy", "Amadi"),
    DemoAccount(Role.SUBJECT_TEACHER, "teacher", "Mr", "Daniel", "Okonkwo"),
    DemoAccount(Role.CONTRIBUTOR, "contributor", "Mr", "Frank", "Holroyd"),
    DemoAccount(Role.CHAIR, "chair", "Mrs", "Beatrice", "Lindqvist"),
)


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor for the sign-in page: who may be tried in the demo; nothing at all outside it."""
    user = getattr(request, "user", None)
    if not settings.DEMO or (user is not None and user.is_authenticated):
        return {}
    accounts = [{"role": a.role.label, "name": a.name, "email": a.email} for a in DEMO_ACCOUNTS]
    return {"demo_accounts": accounts, "demo_password": DEMO_PASSWORD}
