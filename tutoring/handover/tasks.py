"""What beat starts: one call, safe to run twice."""

from celery import shared_task

from tutoring.handover import starting


@shared_task(name="handover.start_years")
def start_years() -> None:
    """On the first day of a year, move the years of the schools that asked for it; beat comes every hour."""
    starting.start_due_years()
