"""Tells whether the record was changed after it was written."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from audit.sealing import NoKeyError, key_from
from audit.selectors import seal_lag
from audit.verifying import Verdict, anchors_in, in_words, verify_record


class Command(BaseCommand):
    help = "Works out every hash and seal of the audit record anew. Fails when something was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", type=Path, action="append", default=[], help="an anchor file or saved e-mail")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = key_from(settings.SEAL_KEY)
            anchors = anchors_in("\n".join(path.read_text() for path in options["anchor"]))
        except (NoKeyError, OSError) as error:
            raise CommandError(str(error)) from error
        if options["anchor"] and not anchors:
            raise CommandError("No anchor was found in the files named.")
        verdict = verify_record(key, anchors)
        self.stdout.write(_in_words(verdict))
        if verdict.findings:
            raise CommandError("\n".join(["The record is not as it was written:", *in_words(verdict.findings)]))


def _in_words(verdict: Verdict) -> str:
    until = f"{verdict.sealed_until:%Y-%m-%d %H:%M:%S} UTC" if verdict.sealed_until else "never"
    against = f"{verdict.anchors} anchors" if verdict.anchors else "no anchor: a cut at the end would not be seen"
    return (
        f"{verdict.events} events under {verdict.seals} seals, {verdict.waiting} waiting"
        f" (the oldest for {seal_lag().total_seconds():.0f} s); sealed until {until}; checked against {against}."
    )
