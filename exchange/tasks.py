"""What the bell starts: an id in, one call, safe to run twice."""

from celery import shared_task

from core.ids import UUID
from exchange import services

# A large school's year takes longer than a report.
_HARD, _SOFT = 3600, 3540


@shared_task(name="exchange.check", time_limit=_HARD, soft_time_limit=_SOFT)
def check(run_id: str) -> None:
    """Read the files of a run and say what importing them would do."""
    services.work_on_run(UUID(run_id))


@shared_task(name="exchange.apply", time_limit=_HARD, soft_time_limit=_SOFT)
def apply(run_id: str) -> None:
    """Import the files of a run."""
    services.work_on_run(UUID(run_id))


@shared_task(name="exchange.sweep")
def sweep() -> None:
    """Ring for runs that wait; delete files whose time is over."""
    services.sweep_runs()
