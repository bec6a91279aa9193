"""Prints the demo's sign-ins, one a role."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from accounts.models import User


class Command(BaseCommand):
    """`manage.py demo_accounts`."""

    help = "Print a table of the demo accounts: role, name, e-mail, password."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            self.stdout.write("DEMO is off: there are no demo accounts, and the demo password opens nothing.")
            return
        invented = User.objects.filter(email__endswith=".example").order_by("school__name")
        emails = invented.values_list("email", flat=True)
        rows = [
            (account.role.label, account.name, email, DEMO_PASSWORD)
            for account in DEMO_ACCOUNTS
            for email in emails
            if email.startswith(f"{account.local_part}@")
        ]
        if not rows:
            self.stdout.write("There is no demo school yet. Make one with: manage.py make_demo_school")
            return
        widths = [max(len(row[n]) for row in rows) for n in range(4)]
        for row in [("Role", "Name", "Email", "Password"), *rows]:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
