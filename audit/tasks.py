"""Watches the sealer from outside: it cannot report its own death."""

import logging

from celery import shared_task

from audit.selectors import seal_lag
from audit.verifying import LONGEST_WAIT

logger = logging.getLogger(__name__)


@shared_task(name="audit.watch_seals")
def watch_seals() -> None:
    """An error in the log when events have waited more than five minutes for their seal."""
    waited = seal_lag()
    if waited > LONGEST_WAIT:
        logger.error(
            "The record has not been sealed for %d minutes: does the sealer run?", waited.total_seconds() // 60
        )
