"""Work of the accounts app that nobody waits for."""

from celery import shared_task
from django.core.cache import cache

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
    """Every five minutes: sessions that ran out, those of leavers, and counts of limits that are over.

    Safe to run twice or late.
    """
    sessions.purge_sessions()
    cache.drop_expired()  # type: ignore[attr-defined] # ours: core.cache
