"""What beat starts: one call each, safe to run twice."""

from celery import shared_task

from core.acting import acting_as_system
from safeguarding.mails import JOB
from safeguarding.sharing import mails, services


@shared_task(name="sharing.sweep_readers")
def sweep_readers() -> None:
    """What nobody reads any more finds a reader; beat comes each minute."""
    with acting_as_system(JOB):
        services.sweep_readers()


@shared_task(name=mails.TASK)
def tell_of_empty_roles() -> None:
    """Which role that must be filled is empty; beat comes once a day."""
    mails.tell_of_empty_roles()
