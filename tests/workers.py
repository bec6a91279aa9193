"""Two workers that come to the same work at the same time."""

import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any
from unittest import mock

from django.db import connections


def two_at_once(work: Callable[[], int], *, meet_at: tuple[ModuleType, str]) -> list[int]:
    """What `work` returned to each of two threads, sorted; neither gets past the named function before both are there.

    Each has a connection of its own, so the test needs `django_db(transaction=True)`.
    """
    both, returned, real = threading.Barrier(2), list[int](), getattr(*meet_at)

    def meet(*given: Any) -> Any:
        both.wait(10)
        return real(*given)

    def run() -> None:
        try:
            returned.append(work())
        finally:
            connections.close_all()

    with mock.patch.object(*meet_at, side_effect=meet):
        workers = [threading.Thread(target=run) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(20)
    return sorted(returned)
