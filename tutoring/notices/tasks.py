"""What beat starts: one call, safe to run twice."""

from celery import shared_task

from tutoring.notices import outbox


@shared_task(name="notices.send_notices")
def send_notices() -> None:
    """Tell each colleague that there is something to read, as they chose; beat comes every five minutes."""
    outbox.send_notices()
