"""What the bell starts: one call, safe to run twice."""

from celery import shared_task

from tutoring.sessions import outbox


@shared_task(name="tutor_sessions.send_home_messages")
def send_home_messages() -> None:
    """Send the messages home whose time has come; beat rings every minute, so a lost bell costs no more."""
    outbox.send_waiting()
