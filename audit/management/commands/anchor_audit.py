"""Sends the newest seal off this machine, now."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from audit.anchoring import is_anchored, send_anchor


class Command(BaseCommand):
    help = "E-mails the newest seal to AUDIT_ANCHOR_EMAILS and appends it to AUDIT_ANCHOR_FILE."

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_anchored():
            raise CommandError("Nowhere to anchor: set AUDIT_ANCHOR_EMAILS or AUDIT_ANCHOR_FILE.")
        anchor = send_anchor()
        if anchor is None:
            raise CommandError("Nothing is sealed yet: does the sealer run?")
        self.stdout.write(f"Seal {anchor.seal_id} sent to {anchor.sent_to}.")
