"""Makes an invented school to look at, to try out and to measure with."""

import datetime as dt
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.demo import DEMO_SCHOOL
from core import maintenance
from exchange.demo_school.school import SchoolExists, make_school


class Command(BaseCommand):
    """`manage.py make_demo_school --students 618 --seed 1`."""

    help = "Make an invented school: people, two terms of attendance, grades, behaviour and conversations."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--students", type=int, default=618, help="how many students (default 618)")
        parser.add_argument("--seed", type=int, default=1, help="another number, other people (default 1)")
        parser.add_argument("--date", type=dt.date.fromisoformat, help="the day everything leads up to (default today)")
        parser.add_argument("--name", default=DEMO_SCHOOL, help=f"the school's name (default {DEMO_SCHOOL})")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["students"] < 7:
            raise CommandError("A school needs at least 7 students, one in each year.")
        began = time.monotonic()
        try:
            with maintenance.as_owner():
                counts = make_school(
                    name=options["name"],
                    students=options["students"],
                    seed=options["seed"],
                    today=options["date"] or timezone.localdate(),
                    say=self._say,
                )
        except SchoolExists:
            raise CommandError(f"There is already a school called {options['name']}. Nothing was changed.") from None
        took = time.monotonic() - began
        self._say(f"{options['name']} is ready: {sum(counts.values()):,} rows in {took:.1f} s.")
        if not settings.DEMO:
            self._say("DEMO is off, so nobody has a password yet: each person sets one by e-mail.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
