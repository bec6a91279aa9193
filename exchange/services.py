"""A run of an import as one row: uploaded, checked, applied, given up. The row is the truth; Redis only rings.

A worker may die at any moment: its lease runs out and another takes the run. What the first one may still bring is
refused, because its attempt is no longer the run's; what it would have written is rolled back with it.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import DataError, IntegrityError, models, transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import School, User
from accounts.permissions import Permission
from audit.services import record
from core.acting import Actor, acting_as, acting_as_system
from core.ids import UUID
from core.queueing import ring
from exchange import selectors
from exchange.enums import RunState
from exchange.findings import Report
from exchange.folders import MOST_BYTES, MOST_FILES, BadUploadError, free_name, remove_folder, unpack
from exchange.importing import Wish, import_folder
from exchange.models import ImportRun

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
# Comparing and saving are a few long statements that say nothing until they end.
LONG_STEPS = ("Comparing", "Saving")
LONG_LEASE = timedelta(minutes=15)
MOST_ATTEMPTS = 8
KEPT = timedelta(days=7)
WORKING = (RunState.CHECKING, RunState.APPLYING)
WORKER_LOST = "The background worker was stopped each time while it read these files. Try smaller files."
CHANGED_MEANWHILE = "Something in the school changed while the files came in. Nothing was imported. Upload them again."
FAULT = "Waymark stumbled over these files. Nothing was imported. Tell whoever looks after Waymark: the log says more."
NOT_ALLOWED = "The person who sent these files may no longer import. Nothing was imported."
TOO_OLD = "The files were deleted after seven days. Nothing was imported."
GIVEN_UP = "Not imported. The files are deleted."


class LeaseLostError(Exception):
    """Another worker has this run now; this one stops and leaves nothing behind."""


def folder_of(run_id: UUID) -> Path:
    """Where the files of a run lie."""
    return settings.DATA_DIR / "imports" / str(run_id)


@transaction.atomic
def start_run(*, school: School, files: Iterable["UploadedFile[Any]"], by: User) -> ImportRun:
    """Keep the uploaded files and have them checked. Raises BadUploadError with a sentence for the person."""
    run = ImportRun(school=school, requested_by=by)
    folder = folder_of(run.pk)
    try:
        folder.mkdir(parents=True, mode=0o700)
        _keep(list(files), folder)
        run.files = sorted(path.name for path in folder.iterdir())
        if not run.files:
            raise BadUploadError("There is no CSV or text file in what was sent.")
        run.save()
        record("import.uploaded", by=by, obj=run, files=len(run.files))
    except BaseException:
        remove_folder(folder)
        raise
    ring("exchange.check", str(run.pk))
    return run


def _keep(files: list["UploadedFile[Any]"], folder: Path) -> None:
    if len(files) > MOST_FILES or sum(f.size or 0 for f in files) > MOST_BYTES:
        raise BadUploadError(f"At most {MOST_FILES} files and {MOST_BYTES // 1024 // 1024} MB are taken at once.")
    for file in files:
        name = str(file.name)
        target = free_name(folder, name)
        with target.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        if name.lower().endswith(".zip"):
            unpack(target, folder)
            target.unlink()


@transaction.atomic
def apply_run(*, run: ImportRun, only_if_all_good: bool, by: User) -> bool:
    """Have a checked run imported; False where it is not (or no longer) ready."""
    ready = ImportRun.objects.filter(pk=run.pk, state=RunState.READY)
    if not ready.update(
        state=RunState.APPLYING, only_if_all_good=only_if_all_good, progress=0, step="", lease_until=None
    ):
        return False
    record("import.asked", by=by, obj=run, only_if_all_good=only_if_all_good)
    ring("exchange.apply", str(run.pk))
    return True


@transaction.atomic
def discard_run(*, run: ImportRun, by: User) -> bool:
    """Do not import: the files go at once; False where it is too late for that."""
    ready = ImportRun.objects.filter(pk=run.pk, state=RunState.READY)
    if not ready.update(state=RunState.FAILED, error=GIVEN_UP, finished_at=Now()):
        return False
    record("import.discarded", by=by, obj=run)
    transaction.on_commit(lambda: remove_folder(folder_of(run.pk)))
    return True


def record_download(*, run: ImportRun, by: User, findings: int) -> None:
    """The findings, which name students, left the house."""
    record("import.findings_downloaded", by=by, obj=run, findings=findings)


def claim_run(run_id: UUID) -> ImportRun | None:
    """Take a run that waits or was abandoned; None where there is nothing to take. One import a school at a time."""
    with transaction.atomic():
        run = selectors.claimable_runs().select_for_update(skip_locked=True, of=("self",)).filter(pk=run_id).first()
        if run is None or (run.state == RunState.APPLYING and selectors.is_applying(run.school, besides=run)):
            return None
        run.attempts += 1
        ImportRun.objects.filter(pk=run_id).update(attempts=F("attempts") + 1, lease_until=Now() + LEASE)
    if run.attempts > MOST_ATTEMPTS:
        _give_up(run, WORKER_LOST)
        return None
    return run


@acting_as_system("exchange")
def work_on_run(run_id: UUID) -> None:
    """Check or import the files of a run, if nobody else is at it, with the rights of whoever sent them."""
    run = claim_run(run_id)
    if run is None:
        return
    if run.requested_by is None or not run.requested_by.has_perm(Permission.IMPORT_DATA):
        _give_up(run, NOT_ALLOWED)
        return
    try:
        with acting_as(Actor(user_id=run.requested_by.pk)):
            _import(run)
    except LeaseLostError:
        logger.warning("Import %s was taken over by another worker.", run.pk)
    except (IntegrityError, DataError):
        logger.exception("Import %s could not be written.", run.pk)
        _give_up(run, CHANGED_MEANWHILE)
    except (MemoryError, ValueError, LookupError, TypeError, AttributeError):
        # Trouble with the files themselves: trying again would end the same.
        logger.exception("Import %s failed.", run.pk)
        _give_up(run, FAULT)


def _import(run: ImportRun) -> None:
    applying = run.state == RunState.APPLYING
    wish = Wish(dry_run=not applying, all_or_nothing=applying and run.only_if_all_good)

    def tell(done: int, total: int, step: str) -> None:
        lease = LONG_LEASE if step in LONG_STEPS else LEASE
        _update_held(run, progress=done, total=total, step=step[:100], lease_until=Now() + lease)

    def finish(report: Report) -> None:
        _update_held(run, state=RunState.DONE, report=report.as_json(), finished_at=Now(), lease_until=None)

    report = import_folder(
        folder=folder_of(run.pk), school=run.school, wish=wish, by=run.requested_by, on_progress=tell, on_written=finish
    )
    if report.applied:
        remove_folder(folder_of(run.pk))
    else:
        # A stop for one bad row leaves the choice to import the good ones.
        _update_held(run, state=RunState.READY, report=report.as_json(), lease_until=None)


def _update_held(run: ImportRun, **values: object) -> None:
    """Write to the run as long as this attempt holds it; raises LeaseLostError."""
    held = ImportRun.objects.filter(pk=run.pk, attempts=run.attempts, state=run.state)
    if not held.update(**values):
        raise LeaseLostError


def _give_up(run: ImportRun, reason: str) -> None:
    held = ImportRun.objects.filter(pk=run.pk, attempts=run.attempts, state=run.state)
    with transaction.atomic():
        if held.update(state=RunState.FAILED, error=reason, finished_at=Now(), lease_until=None):
            record("import.failed", by=run.requested_by, obj=run)
            transaction.on_commit(lambda: remove_folder(folder_of(run.pk)))


@acting_as_system("exchange")
def sweep_runs() -> int:
    """Ring again for runs that wait, and delete the files of those that are over or too old. Returns the bells rung."""
    waiting = selectors.claimable_runs().values_list("pk", "state")
    for pk, state in waiting:
        ring("exchange.check" if state == RunState.CHECKING else "exchange.apply", str(pk))
    _end(selectors.forgotten_runs(KEPT))
    _remove_leftovers()
    return len(waiting)


def _end(runs: models.QuerySet[ImportRun]) -> None:
    for run in runs:
        ImportRun.objects.filter(pk=run.pk, state=RunState.READY).update(
            state=RunState.FAILED, error=TOO_OLD, finished_at=Now()
        )


def _remove_leftovers() -> None:
    root = settings.DATA_DIR / "imports"
    if root.is_dir():
        kept = selectors.run_ids_with_files()
        for folder in root.iterdir():
            # A folder is made a moment before its row is seen by others.
            if folder.name not in kept and selectors.is_older_than(folder, LEASE):
                remove_folder(folder)
