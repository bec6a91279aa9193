"""Rings the bell for background work, after commit, and never makes a request wait for Redis.

The work itself stands in PostgreSQL rows; a lost bell is rung again by the sweeper. Celery tries for six seconds where
Redis is gone, and longer where a broken network takes the call and never answers. So the bell is rung from a thread of
its own and waited for only as long as a healthy Redis takes; beyond that the thread goes on alone until it gives up.
"""

import logging
import threading
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
PATIENCE = 0.1  # seconds; a healthy Redis takes a few milliseconds
# So many threads may hang on a Redis that does not answer; what comes after is left to the sweeper.
_hanging = threading.BoundedSemaphore(4)


def ring(task_name: str, *args: Any) -> None:
    """Send the task by name once the current transaction has committed; a missing broker is only logged."""
    transaction.on_commit(partial(_send, task_name, args))


def _send(task_name: str, args: tuple[Any, ...]) -> None:
    permits = _hanging
    if not permits.acquire(blocking=False):
        _leave_to_the_sweeper(task_name, "Redis does not answer")
        return
    thread = threading.Thread(target=_send_and_release, args=(task_name, args, permits), name="bell", daemon=True)
    thread.start()
    thread.join(PATIENCE)


def _send_and_release(task_name: str, args: tuple[Any, ...], permits: threading.BoundedSemaphore) -> None:
    try:
        current_app.send_task(task_name, args=args, retry=False)
    except (OperationalError, OSError) as error:
        _leave_to_the_sweeper(task_name, error)
    finally:
        permits.release()


def _leave_to_the_sweeper(task_name: str, why: object) -> None:
    logger.warning("The bell for %s could not be rung (%s); the sweeper will see to it.", task_name, why)
