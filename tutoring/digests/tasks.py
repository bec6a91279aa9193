"""What beat starts: one call, safe to run twice."""

from celery import shared_task

from tutoring.digests import outbox


@shared_task(name="digests.send_family_digests")
def send_family_digests() -> None:
    """Send the weekly mails to families whose time has come."""
    outbox.send_digests()
