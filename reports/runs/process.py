"""What a process of the pool runs. Nothing of Django is imported here: the process has to set it up first."""

import os

import django


def begin() -> None:
    """Set the process up, and let the web server go first."""
    os.nice(5)
    django.setup()


def drain(batch_id: str) -> None:
    """Make reports of the run until none can be claimed."""
    from core.ids import UUID
    from reports.runs import making

    while not making.drain_batch(UUID(batch_id)):
        pass
