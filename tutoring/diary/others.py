"""What a week holds besides appointments: each room announces its own days, those above the diary too.

A source reads as whoever acts, so PostgreSQL leaves out what they may not read, whoever's week it is.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from core.ids import UUID


@dataclass(frozen=True)
class Other:
    """Something of one day; without `starts_at` of the day as a whole. `key` stays the same for the same thing.

    `what` and `room` go to calendars, so they name nobody; `whom` stands on the page alone.
    """

    key: UUID
    day: dt.date
    what: str
    url: str
    whom: str = ""
    starts_at: dt.time | None = None
    minutes: int | None = None
    room: str = ""
    done: bool = False

    @property
    def begins(self) -> dt.datetime | None:
        """When, with the school's time zone."""
        return timezone.make_aware(dt.datetime.combine(self.day, self.starts_at)) if self.starts_at else None


Source = Callable[[User, dt.date, dt.date], list[Other]]
# Each is given whose week it is, and the first and last day.
SOURCES: list[Source] = []


def others_of(staff: User, since: dt.date, until: dt.date) -> list[Other]:
    """All of this person's days from `since` to `until`, both included, as far as whoever acts may read them."""
    found = [one for source in SOURCES for one in source(staff, since, until)]
    return sorted(found, key=lambda one: (one.day, one.starts_at or dt.time.min, one.what))
