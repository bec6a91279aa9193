"""manage.py bench: measures reports, import and pages, in a database of its own."""

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """A fresh process, because the one at hand is already tied to the school's own database."""

    help = "Measure on this machine; ends with 1 where a limit is not held. Parts: see bench/parts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", nargs="?", default="all")
        parser.add_argument("--quick", action="store_true", help="a school of 60 instead of 600")

    def handle(self, *args: Any, **options: Any) -> None:
        command = [sys.executable, "-m", "bench", options["part"], *(["--quick"] if options["quick"] else [])]
        sys.exit(subprocess.run(command, cwd=settings.BASE_DIR, check=False).returncode)  # noqa: S603 our own words
