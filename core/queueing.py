"""Rings the bell for background work, after commit, and never makes a request wait for Redis.

The work itself stands in PostgreSQL rows; a lost bell is rung again by the sweeper.
"""

import logging
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(task_name: str, *args: Any) -> None:
    """Send the task by name once the current transaction has committed; a missing broker is only logged."""
    transaction.on_commit(partial(_send, task_name, args))


def _send(task_name: str, args: tuple[Any, ...]) -> None:
    try:
        current_app.send_task(task_name, args=args, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("The bell for %s could not be rung (%s); the sweeper will see to it.", task_name, error)
