"""A run of reports as rows: begun, claimed by workers, finished, failed, made again. Nothing here draws a page.

The rows are the truth. A worker may die at any moment: its lease runs out, another takes the item, and what the first
one may still bring is refused because its attempt is no longer the item's.
"""

import os
from collections.abc import Iterable
from datetime import timedelta

from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Now

from accounts.models import User
from accounts.permissions import Permission
from audit.services import record
from core.acting import acting_as_system
from core.ids import UUID
from core.queueing import ring
from reports.enums import BatchState, ItemState
from reports.models import ReportBatch, ReportItem
from reports.runs import files, selectors
from students.models import Student, Term
from students.selectors import students_on_roll
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import students_of_groups, students_visible_to, students_with_group

CLAIMED_AT_ONCE = 5
LEASE = timedelta(seconds=30)
MOST_FAILURES = 3
MOST_LOSSES = 5
WORKER_LOST = "The background worker was stopped each time while it made this report."


class NothingToMakeError(Exception):
    """This person may run the report of none of the chosen students."""


@transaction.atomic
def start_batch(
    *, term: Term, by: User, groups: Iterable[TutorGroup] = (), students: Iterable[Student] | None = None
) -> ReportBatch:
    """Begin the reports of these groups, or of these students; only of those whose reports this person may run.

    Raises NothingToMakeError when nobody is left.
    """
    groups = list(groups)
    visible = students_on_roll(students_visible_to(by, Permission.RUN_REPORTS))
    chosen = (
        visible.filter(pk__in=[s.pk for s in students])
        if students is not None
        else visible.filter(pk__in=students_of_groups(groups))
    )
    # Within a group they come by name; 7BEC stands before 10BEC.
    wanted = sorted(students_with_group(chosen), key=lambda s: selectors.group_order(_group_name(s)))
    if not wanted:
        raise NothingToMakeError
    batch = ReportBatch.objects.create(school_id=term.school_id, term=term, requested_by=by)
    batch.groups.set(groups)
    ReportItem.objects.bulk_create(
        ReportItem(batch=batch, student=student, group_name=_group_name(student)) for student in wanted
    )
    record("reports.started", by=by, obj=batch, reports=len(wanted), groups=len(groups))
    ring("reports.drain", str(batch.pk))
    return batch


def _group_name(student: Student) -> str:
    return getattr(student, "group_name", None) or ""


def claim_items(batch_id: UUID, *, limit: int = CLAIMED_AT_ONCE) -> list[ReportItem]:
    """Take some waiting or abandoned items for this worker; nobody else can have the same attempt."""
    with transaction.atomic():
        rows = selectors.claimable_items(batch_id).select_for_update(skip_locked=True, of=("self",))
        taken = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
        items = ReportItem.objects.filter(pk__in=taken)
        items.filter(state=ItemState.RUNNING).update(losses=F("losses") + 1)
        items.update(attempts=F("attempts") + 1, state=ItemState.RUNNING, lease_until=Now() + LEASE)
        items.filter(losses__gt=MOST_LOSSES).update(state=ItemState.FAILED, error=WORKER_LOST, lease_until=None)
        return list(items.filter(state=ItemState.RUNNING).order_by("pk"))


def renew_leases(items: Iterable[ReportItem]) -> None:
    """Say that this worker is still alive and on its way to these."""
    for item in items:
        _held(item).update(lease_until=Now() + LEASE)


def finish_item(item: ReportItem, written: files.Written) -> bool:
    """Publish the file if this attempt still holds the item; else take the file away and return False."""
    held = _held(item).update(
        state=ItemState.DONE,
        file=written.name,
        sha256=written.sha256,
        size=written.size,
        made_at=Now(),
        lease_until=None,
        error="",
    )
    if not held:
        files.remove(written.name)
    return bool(held)


def fail_item(item: ReportItem, reason: str, *, for_good: bool = False) -> None:
    """Note why it went wrong; after the third time (or at once, `for_good`) the item stays failed."""
    failures = MOST_FAILURES if for_good else item.failures + 1
    state = ItemState.FAILED if failures >= MOST_FAILURES else ItemState.WAITING
    _held(item).update(state=state, failures=failures, error=reason[:500], lease_until=None)


def _held(item: ReportItem) -> models.QuerySet[ReportItem]:
    """The item's row, as long as this attempt is the one in force."""
    return ReportItem.objects.filter(pk=item.pk, attempts=item.attempts, state=ItemState.RUNNING)


def finish_batch(batch_id: UUID) -> bool:
    """Close the run when nothing waits or runs any more; True for the one caller who closed it."""
    with transaction.atomic():
        batch = ReportBatch.objects.select_for_update().filter(pk=batch_id, state=BatchState.OPEN).first()
        if batch is None or selectors.unfinished_items(batch_id).exists():
            return False
        counts = selectors.counts_by_state(batch_id)
        ReportBatch.objects.filter(pk=batch_id).update(state=BatchState.DONE, finished_at=Now())
        record(
            "reports.finished",
            by=None,
            obj=batch,
            made=counts[ItemState.DONE],
            failed=counts[ItemState.FAILED],
        )
    files.remove_leftovers(batch_id, selectors.file_names(batch_id))
    return True


@transaction.atomic
def retry_failed(*, batch: ReportBatch, by: User) -> int:
    """Make the failed ones of a run again, and only those; returns how many."""
    ReportBatch.objects.select_for_update().get(pk=batch.pk)
    failed = ReportItem.objects.filter(batch=batch, state=ItemState.FAILED)
    number = failed.update(state=ItemState.WAITING, failures=0, losses=0, error="")
    if number:
        ReportBatch.objects.filter(pk=batch.pk).update(state=BatchState.OPEN, finished_at=Value(None))
        record("reports.retried", by=by, obj=batch, reports=number)
        ring("reports.drain", str(batch.pk))
    return number


@acting_as_system("reports")
def sweep_batches() -> int:
    """Ring for every open run that has work and fewer workers at it than there are cores; returns the bells rung.

    This is what brings a run back after a killed worker, a lost message or a restarted Redis.
    """
    rung = 0
    for batch_id in selectors.open_batch_ids():
        if selectors.claimable_items(batch_id).exists():
            if selectors.leased_items(batch_id).count() <= (cores() - 1) * CLAIMED_AT_ONCE:
                ring("reports.drain", str(batch_id))
                rung += 1
        else:
            finish_batch(batch_id)
    return rung


def record_download(*, by: User, obj: ReportBatch | ReportItem, kind: str, reports: int, sha256: str) -> None:
    """A report left the house: who took which, in what form, and the digest of the file (hex)."""
    record("reports.downloaded", by=by, obj=obj, kind=kind, reports=reports, sha256=sha256)


def cores() -> int:
    """The processor cores this process may use."""
    return len(os.sched_getaffinity(0))
