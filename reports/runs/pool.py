"""Making a run's reports in processes of one's own, for the shell and the bench; the worker may help meanwhile."""

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from typing import Any

from core.acting import acting_as_system
from reports.models import ReportBatch
from reports.runs import making, process, selectors, services
from reports.runs.selectors import Progress

LOOK_EVERY = 0.5


@acting_as_system("reports")
def finish_here(batch: ReportBatch, *, processes: int, say: Callable[[Progress], None] | None = None) -> Progress:
    """Draw until the run is closed, in this process (1) or in several; `say` hears how far it is twice a second."""
    if processes == 1:
        while not making.drain_batch(batch.pk):
            _tell(batch, say)
    else:
        _drain_apart(batch, processes, say)
    # What another worker still holds is waited for: it ends with that worker, or its lease runs out.
    while selectors.unfinished_items(batch.pk).exists():
        time.sleep(LOOK_EVERY)
        making.drain_batch(batch.pk)
        _tell(batch, say)
    services.finish_batch(batch.pk)
    batch.refresh_from_db()
    return selectors.progress_of(batch)


def _tell(batch: ReportBatch, say: Callable[[Progress], None] | None) -> None:
    if say:
        say(selectors.progress_of(batch))


def _drain_apart(batch: ReportBatch, processes: int, say: Callable[[Progress], None] | None) -> None:
    """Fresh processes, not forks: connections and fonts of this one must not be shared."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=process.begin) as pool:
        turns: set[Future[Any]] = {pool.submit(process.drain, str(batch.pk)) for _ in range(processes)}
        while turns:
            ended, turns = wait(turns, timeout=LOOK_EVERY)
            for turn in ended:
                turn.result()  # lets an error through
            _tell(batch, say)
