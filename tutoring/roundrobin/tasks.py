"""What the bell and beat start: one call, safe to run twice."""

from celery import shared_task

from tutoring.roundrobin import mails


@shared_task(name="roundrobin.send_mails")
def send_mails() -> None:
    """Mails and reminders whose time has come; beat comes every minute, so a lost bell costs no more."""
    mails.send_mails()
