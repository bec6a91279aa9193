"""manage.py make_reports --term current --group 11BEC --wait: a run of reports from the shell."""

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from core.acting import Actor, acting_as
from reports.enums import ItemState
from reports.models import ReportBatch
from reports.runs import files, pool, selectors, services
from reports.runs.people import run_requester, term_named
from students.models import Term
from tutoring.groups.models import TutorGroup


class Command(BaseCommand):
    """Begins the run; with --wait makes it here as well, and ends with 1 when a report could not be made."""

    help = "Make a term's reports for tutor groups, as the page Reports does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--term", default="current", help='"2026 autumn", or current (the default)')
        parser.add_argument(
            "--group", action="append", default=[], dest="groups", help="a tutor group; may be repeated"
        )
        parser.add_argument("--all", action="store_true", help="every group that --user may report on")
        parser.add_argument("--user", help="e-mail of the person whose rights count; else the school's data manager")
        parser.add_argument("--wait", action="store_true", help="make them now, in this command")
        parser.add_argument(
            "--processes", type=int, default=services.cores(), help="with --wait; default: one per core"
        )
        parser.add_argument("--out", type=Path, help="with --wait: copy the finished PDFs into this folder")

    def handle(self, *args: Any, **options: Any) -> None:
        user = run_requester(options["user"])
        with acting_as(Actor(user_id=user.pk)):
            self._run(user, options)

    def _run(self, user: User, options: dict[str, Any]) -> None:
        term = term_named(user, options["term"])
        batch = self._start(user, term, _groups(user, term, options["groups"], options["all"]))
        if options["wait"] or options["out"]:
            self._finish(batch, options["processes"], options["out"])
        else:
            self.stdout.write("The worker makes them; the page Reports shows how far it is.")

    def _start(self, user: User, term: Term, groups: list[TutorGroup]) -> ReportBatch:
        try:
            batch = services.start_batch(term=term, groups=groups, by=user)
        except services.NothingToMakeError as error:
            raise CommandError(f"{user} may run the reports of nobody in these groups.") from error
        self.stdout.write(f"{batch.items.count()} reports, {term}, with the rights of {user}.")
        return batch

    def _finish(self, batch: ReportBatch, processes: int, out: Path | None) -> None:
        said = -1

        def say(progress: selectors.Progress) -> None:
            nonlocal said
            if progress.settled != said:
                said = progress.settled
                self.stdout.write(f"{progress.settled} of {progress.total} {progress.left}".rstrip())

        end = pool.finish_here(batch, processes=max(1, processes), say=say)
        self.stdout.write(f"{end.made} of {end.total} made.")
        if out:
            _copy(batch, out)
            self.stdout.write(f"Copied to {out}.")
        failed = batch.items.filter(state=ItemState.FAILED).select_related("student")
        for item in failed:
            self.stderr.write(f"{item.group_name} {item.student}: {item.error}")
        if failed:
            raise CommandError(f"{len(failed)} could not be made; their names and reasons stand above.")


def _groups(user: User, term: Term, names: list[str], every: bool) -> list[TutorGroup]:
    if not names and not every:
        raise CommandError("Say which: --group 11BEC (may be repeated), or --all.")
    known = {choice.group.name.lower(): choice.group for choice in selectors.group_choices(user, term)}
    unknown = [name for name in names if name.lower() not in known]
    if unknown:
        raise CommandError(f"{user} sees no group called {', '.join(unknown)} with students in it.")
    return list(known.values()) if every else [known[name.lower()] for name in names]


def _copy(batch: ReportBatch, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    made = batch.items.filter(state=ItemState.DONE).select_related("student")
    for item, name in files.with_unique_names(made):
        shutil.copyfile(files.path_of(item), folder / name)
