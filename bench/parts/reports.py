"""Reports: the whole way of a run (rows, queries, template, PDF, file) beside WeasyPrint alone on the same pages.

Two processes share the cores, each in turn makes five reports of one run and draws the same five pages again with
WeasyPrint alone, so that whatever else the machine does falls on both.
"""

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench import Figure
from reports.runs import process

PROCESSES = 2
# Reports until a process has its fonts, templates and caches; measured from there.
WARM_UP = 10


@dataclass(frozen=True)
class Measured:
    """What one process saw: seconds for the whole way and for WeasyPrint alone, reports, megabytes first and last."""

    whole: float
    alone: float
    reports: int
    first_megabytes: float
    last_megabytes: float


def measure(quick: bool) -> list[Figure]:
    """The ratio that must stay at most 1.3, the time of a report, and memory at the first report and the last."""
    batch_id = _begin_run()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=process.begin) as pool:
        seen = list(pool.map(make_and_compare, [batch_id] * PROCESSES))
    _check(batch_id)
    reports = sum(m.reports for m in seen)
    whole, alone = sum(m.whole for m in seen), sum(m.alone for m in seen)
    grown = max(m.last_megabytes / m.first_megabytes for m in seen)
    return [
        Figure("whole way ÷ WeasyPrint alone", whole / alone, most=1.3),
        Figure("whole way, one report in one process", 1000 * whole / reports, "ms"),
        Figure("WeasyPrint alone", 1000 * alone / reports, "ms"),
        Figure(f"reports a second, {PROCESSES} processes", PROCESSES * reports / whole, "a second"),
        Figure("memory at the first report", max(m.first_megabytes for m in seen), "MB"),
        Figure("memory at the last report", max(m.last_megabytes for m in seen), "MB"),
        Figure("memory, last ÷ first", grown, most=1.15),
    ]


def _begin_run() -> str:
    from accounts.enums import Role
    from accounts.models import User
    from core.acting import Actor, acting_as
    from reports.runs import selectors, services
    from students.selectors import term_current

    user = User.objects.filter(memberships__role=Role.DATA_MANAGER).first()
    if user is None or user.school is None:
        raise RuntimeError("the invented school has no data manager")
    with acting_as(Actor(user_id=user.pk)):
        term = term_current(user.school)
        if term is None:
            raise RuntimeError("the invented school has no term")
        groups = [choice.group for choice in selectors.group_choices(user, term)]
        return str(services.start_batch(term=term, groups=groups, by=user).pk)


def make_and_compare(batch_id: str) -> Measured:
    """In a process of the pool: until nothing can be claimed, five reports the whole way, the same five drawn again."""
    from core.acting import acting_as_system

    with acting_as_system("reports"):
        return _make_and_compare(batch_id)


def _make_and_compare(batch_id: str) -> Measured:
    from django.utils import timezone

    from core import pdf
    from core.ids import UUID
    from reports.models import ReportBatch
    from reports.runs import making, services
    from reports.runs.records import frame_of

    pages: list[tuple[str, str]] = []
    real = pdf.render

    def remembered(html: str, *, title: str) -> bytes:
        pages.append((html, title))
        return real(html, title=title)

    pdf.render = remembered  # type: ignore[assignment]
    batch = ReportBatch.objects.select_related("term__school", "requested_by").get(pk=UUID(batch_id))
    frame = frame_of(batch.term, timezone.localdate())
    whole = alone = first = 0.0
    reports = done = 0
    while True:
        pages.clear()
        began = time.perf_counter()
        items = services.claim_items(batch.pk)
        making.make_items(batch, items, frame)
        between = time.perf_counter()
        for html, title in pages:
            real(html, title=title)
        ended = time.perf_counter()
        if not items:
            return Measured(whole, alone, reports, first, _megabytes())
        done += len(items)
        if done <= WARM_UP:
            first = _megabytes()
        else:
            whole, alone, reports = whole + between - began, alone + ended - between, reports + len(items)


def _check(batch_id: str) -> None:
    """A run that failed is quick, and no measure."""
    from core.acting import acting_as_system
    from core.ids import UUID
    from reports.enums import ItemState
    from reports.runs import selectors

    with acting_as_system("reports"):
        counts = selectors.counts_by_state(UUID(batch_id))
    if set(counts) != {ItemState.DONE}:
        raise RuntimeError(f"not every report was made: {dict(counts)}")


def _megabytes() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
