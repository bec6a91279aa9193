"""What the bell starts: ids in, one call, safe to run twice."""

from celery import shared_task

from core.ids import UUID
from reports.runs import making, services


@shared_task(name="reports.drain")
def drain(batch_id: str) -> None:
    """Make reports of this run until none is left or this worker's turn is over."""
    making.drain_batch(UUID(batch_id))


@shared_task(name="reports.sweep")
def sweep() -> None:
    """Ring for runs that wait; close those that are through."""
    services.sweep_batches()
