"""What beat starts: one call each, safe to run twice."""

from celery import shared_task

from core.acting import acting_as_system
from safeguarding import keys, mails


@shared_task(name=mails.TASK)
def send_alerts() -> None:
    """Tell those who read the file; the bell rings at once, beat comes each minute."""
    mails.send_alerts()


@shared_task(name="safeguarding.give_keys")
def give_keys() -> None:
    """Every student has a key, so that having one says nothing of a child; beat comes every few minutes."""
    with acting_as_system(mails.JOB):
        keys.give_everybody_a_key()
