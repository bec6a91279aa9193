"""Work of the accounts app that nobody waits for."""

from celery import shared_task

from accounts import drafts


@shared_task(name="accounts.purge_drafts")
def purge_drafts() -> None:
    """Once a day: drafts untouched for 30 days go. Safe to run twice or late."""
    drafts.purge_drafts()
