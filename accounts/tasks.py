"""Work of the accounts app that nobody waits for."""

from celery import shared_task

from accounts import drafts, sessions
from core.acting import acting_as_system


@shared_task(name="accounts.purge_drafts")
@acting_as_system("drafts")
def purge_drafts() -> None:
    """Once a day: drafts untouched for 30 days go. Safe to run twice or late."""
    drafts.purge_drafts()


@shared_task(name="accounts.purge_sessions")
@acting_as_system("sessions")
def purge_sessions() -> None:
    """Every five minutes: sessions that ran out, and those of leavers. Safe to run twice or late."""
    sessions.purge_sessions()
