"""manage.py write_permissions: docs/permissions.md from the table in accounts.permissions."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.enums import Role
from accounts.selectors import permission_lines, reach_of

PAGE = Path(settings.BASE_DIR) / "docs" / "permissions.md"
_HEAD = """# Who may do what

Written by `manage.py write_permissions` from `accounts/permissions.py`; a test holds the two together.
Change the table there, not here. A permission says what; which students it reaches follows from the same
membership that gives the role (`students_visible_to`).
"""


def permissions_page() -> str:
    """The page as Markdown."""
    lines = [_HEAD, "| A person may … | Permission | Roles |", "|---|---|---|"]
    for line in permission_lines():
        roles = "everybody" if all(line.held) else ", ".join(role.label for role in line.roles)
        lines.append(f"| {line.description} | `{line.permission.value}` | {roles} |")
    lines += ["", "## Whom a role reaches", "", "| Role | Students |", "|---|---|"]
    lines += [f"| {role.label} | {reach_of(role)} |" for role in Role]
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Write docs/permissions.md from the permission table; --check only says whether it is current."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        page = permissions_page()
        if not options["check"]:
            PAGE.write_text(page, encoding="utf-8")
        elif PAGE.read_text(encoding="utf-8") != page:
            raise CommandError("docs/permissions.md is out of date: run manage.py write_permissions")
