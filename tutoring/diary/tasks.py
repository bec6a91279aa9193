"""What beat starts: one call, safe to run twice."""

from celery import shared_task

from tutoring.diary import releasing


@shared_task(name="diary.release_bookings")
def release_bookings() -> None:
    """Sight ends at midnight; beat comes every hour, and by day finds nothing to do."""
    releasing.release_bookings()
