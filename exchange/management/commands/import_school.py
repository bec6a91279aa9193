"""manage.py import_school FOLDER: a school's MIS exports into the database, with a preview first if wanted."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import School
from core import maintenance
from exchange.folders import BadUploadError, files_in, unpack
from exchange.importing import Wish, import_folder
from exchange.printing import report_as_text


class Command(BaseCommand):
    help = "Imports a folder (or zip) of CSV files exported from SIMS, Arbor, Bromcom or another MIS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="folder or zip with the exported files")
        parser.add_argument("--school", default="", help="name of the school; made if the database has none")
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would be made, changed, left and refused"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
        parser.add_argument("--all-or-nothing", action="store_true", help="import only if every row is good")

    def handle(self, *args: Any, **options: Any) -> None:
        place: Path = options["folder"]
        wish = Wish(dry_run=options["dry_run"], all_or_nothing=options["all_or_nothing"])
        with maintenance.as_owner(), tempfile.TemporaryDirectory() as temporary:
            folder = _folder_of(place, Path(temporary))
            if not files_in(folder)[0]:
                raise CommandError(f"There are no CSV or text files in {place}.")
            quiet = options["json"] or not sys.stderr.isatty()
            report = import_folder(
                folder=folder, school=_school(options["school"] or "", place), wish=wish, by=None,
                on_progress=(lambda done, total, step: None) if quiet else self._tell,
            )  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(report_as_text(report))
        if report.stopped or not report.understood:
            sys.exit(1)

    def _tell(self, done: int, total: int, step: str) -> None:
        count = f" {done:,} of {total:,} rows" if total else ""
        self.stderr.write(f"{step}{count}")


def _folder_of(place: Path, temporary: Path) -> Path:
    if place.is_dir():
        return place
    if not place.is_file():
        raise CommandError(f"{place} does not exist.")
    try:
        unpack(place, temporary)
    except BadUploadError as error:
        raise CommandError(str(error)) from error
    return temporary


def _school(name: str, place: Path) -> School:
    """The school meant: the one of that name, the only one, or a new one called after the folder."""
    schools = list(School.objects.all()[:50])
    named = [s for s in schools if s.name.casefold() == name.casefold()]
    if named:
        return named[0]
    if not schools:
        return School(name=name or place.resolve().stem.replace("-", " ").replace("_", " ").title())
    if name:
        raise CommandError(f"There is no school called {name}; there is: {', '.join(s.name for s in schools)}.")
    if len(schools) > 1:
        raise CommandError(f"Say which school with --school: {', '.join(s.name for s in schools)}.")
    return schools[0]
