"""What beat starts: one call, safe to run twice."""

from celery import shared_task

from tutoring.visits import alarms


@shared_task(name="visits.raise_alarms")
def raise_alarms() -> None:
    """Tell whoever is to be told that somebody has not come back; beat comes every minute."""
    alarms.raise_alarms()
