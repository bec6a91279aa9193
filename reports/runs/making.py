"""What a worker does with claimed items: gather, draw, write, publish; no student's trouble stops another's."""

import errno
import logging
import time
from collections.abc import Iterable

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from core import pdf
from core.acting import Actor, acting_as, acting_as_system
from core.ids import UUID
from core.queueing import ring
from reports.models import ReportBatch, ReportItem
from reports.runs import files, selectors, services
from reports.runs.content import StudentReport, reports_of
from reports.runs.records import Frame, frame_of
from tutoring.groups.selectors import students_visible_to, students_with_group

logger = logging.getLogger(__name__)

# A worker makes way for other jobs after this long and rings for itself again.
TURN_SECONDS = 20.0
NOT_VISIBLE = "The person who asked for this run may no longer run this student's report."
REFUSED = "A text in this report asks for a picture or a file from elsewhere, and such things are refused."
DISK_FULL = "The disk is full. Make room, then make this report again."


@acting_as_system("reports")
def drain_batch(batch_id: UUID, *, seconds: float = TURN_SECONDS) -> bool:
    """Make items of the run until none can be claimed (True) or the turn is over (False: it rings for another)."""
    end = time.monotonic() + seconds
    frame: Frame | None = None
    while items := services.claim_items(batch_id):
        batch = ReportBatch.objects.select_related("term__school", "requested_by").get(pk=batch_id)
        if frame is None:
            _call_another(batch_id)
            frame = frame_of(batch.term, timezone.localdate(batch.created_at))
        make_items(batch, items, frame)
        if time.monotonic() > end:
            ring("reports.drain", str(batch_id))
            return False
    services.finish_batch(batch_id)
    return True


def _call_another(batch_id: UUID) -> None:
    """At the start of a turn: one more worker, while there are cores without one."""
    leased = selectors.leased_items(batch_id).count()
    if leased <= (services.cores() - 1) * services.CLAIMED_AT_ONCE and selectors.claimable_items(batch_id).exists():
        ring("reports.drain", str(batch_id))


def make_items(batch: ReportBatch, items: list[ReportItem], frame: Frame) -> None:
    """Gather for all claimed items at once, then draw one after the other, with the rights of whoever asked."""
    try:
        contents = _contents(batch, items, frame)
    except DatabaseError:
        raise
    except Exception as error:
        if len(items) > 1:  # one student's records are at fault: find out whose
            for item in items:
                make_items(batch, [item], frame)
        else:
            services.fail_item(items[0], reason_of(error))
        return
    renew_at = time.monotonic() + services.LEASE.total_seconds() / 3
    for place, item in enumerate(items):
        if time.monotonic() > renew_at:
            services.renew_leases(items[place:])
            renew_at = time.monotonic() + services.LEASE.total_seconds() / 3
        _make(item, contents.get(item.student_id))


def _contents(batch: ReportBatch, items: Iterable[ReportItem], frame: Frame) -> dict[UUID, StudentReport]:
    """student id → report; students whose report the requester may no longer run are missing."""
    if batch.requested_by is None:
        return {}
    with acting_as(Actor(user_id=batch.requested_by.pk)), transaction.atomic():
        return _gather(batch.requested_by, items, frame)


def _gather(user: User, items: Iterable[ReportItem], frame: Frame) -> dict[UUID, StudentReport]:
    visible = students_visible_to(user, Permission.RUN_REPORTS)
    wanted = students_with_group(visible).filter(pk__in=[item.student_id for item in items])
    return reports_of(list(wanted), frame)


def _make(item: ReportItem, report: StudentReport | None) -> None:
    if report is None:
        services.fail_item(item, NOT_VISIBLE, for_good=True)
        return
    try:
        written = files.write_report(item, draw(report))
    except Exception as error:
        services.fail_item(item, reason_of(error))
    else:
        services.finish_item(item, written)


def draw(report: StudentReport) -> bytes:
    """The report as PDF."""
    html = render_to_string("reports/pdf/progress_report.html", {"report": report})
    return pdf.render(html, title=report.document_title)


def reason_of(error: Exception) -> str:
    """Why a report could not be made, for whoever asked for it; the log keeps the rest."""
    logger.error("A report could not be made.", exc_info=error)
    if isinstance(error, pdf.ResourceRefusedError):
        return REFUSED
    if isinstance(error, pdf.PdfUnavailableError):
        return str(error)
    if isinstance(error, SoftTimeLimitExceeded):
        return "Drawing this report took too long."
    if isinstance(error, OSError):
        return DISK_FULL if error.errno == errno.ENOSPC else f"The file could not be written ({error.strerror})."
    return f"Something went wrong while this report was drawn ({type(error).__name__}). The worker's log says more."
