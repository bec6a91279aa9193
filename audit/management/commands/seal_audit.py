"""Seals the record: once, or for ever as a process of its own."""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from audit.anchoring import anchor_due, is_anchored, send_anchor
from audit.sealing import NoKeyError, Sealing, key_from, seal_events

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Seals the audit record with SEAL_KEY; with --watch every few seconds, and anchors it once a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on for ever")
        parser.add_argument("--every", type=float, default=20.0, help="seconds between two seals (20)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = key_from(settings.SEAL_KEY)
        except NoKeyError as error:
            raise CommandError(str(error)) from error
        if options["watch"]:
            self._watch(key, options["every"])
        done = seal_events(key)
        self.stdout.write(_in_words(done))

    def _watch(self, key: bytes, every: float) -> None:
        """Looks at all that is unsealed first and after every anchor, at what is new in between."""
        if not is_anchored():
            logger.warning("The record is sealed but not anchored: set AUDIT_ANCHOR_EMAILS or AUDIT_ANCHOR_FILE.")
        since = "0"
        while True:
            try:
                if done := seal_events(key, since):
                    since = done.horizon
                if anchor_due():
                    send_anchor()
                    since = "0"
            except (DatabaseError, OSError) as error:
                # A database that restarts, a mail server that sleeps: the next turn tries again.
                logger.error("The record could not be sealed or anchored: %s", error)
                connection.close()
            time.sleep(every)


def _in_words(done: Sealing | None) -> str:
    if done is None:
        return "Another sealer is at work."
    return f"Seal {done.seal.n}: {done.seal.count} events." if done.seal else "Nothing waits for a seal."
