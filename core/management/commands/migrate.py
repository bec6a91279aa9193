"""Django's migrate, as the owner role: the web role may not change tables."""

from typing import Any

from django.core.management import CommandParser, call_command
from django.core.management.commands import migrate


class Command(migrate.Command):
    help = "Brings the tables up to date, as the owner role unless --database says otherwise."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            # The cache keeps rate limits; its table is no model's, so no migration makes it.
            call_command("createcachetable", database=options["database"], verbosity=options["verbosity"])
