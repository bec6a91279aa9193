"""When a mail may reach somebody: not in the evening, at night or at a weekend; the hours are the school's own.

Where one Waymark serves several schools whose hours differ, the strictest hold for all: its jobs send for all at once.
"""

import datetime as dt

from django.db.models import Max, Min
from django.utils import timezone

from accounts.models import DIGEST_AT, QUIET_FROM, QUIET_UNTIL, School

# What waited overnight goes when people are up, not the minute the night ends.
UP_BY = dt.timedelta(minutes=30)
SATURDAY = 5


def is_quiet(now: dt.datetime) -> bool:
    """Whether nothing goes out at that moment; the minute at which quiet begins is quiet, that of its end is not."""
    local = timezone.localtime(now)
    return local.weekday() >= SATURDAY or is_quiet_at(local.time())


def is_quiet_at(time: dt.time) -> bool:
    """The same of any weekday."""
    begin, end = _hours()
    return not end <= time < begin


def next_sending(now: dt.datetime) -> dt.datetime:
    """That moment where it is not quiet, else the morning of the next weekday, half an hour after quiet ends."""
    if not is_quiet(now):
        return now
    _, end = _hours()
    local = timezone.localtime(now)
    day = local.date() if local.time() < end else local.date() + dt.timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(day, end)) + UP_BY


def in_words() -> str:
    """The rule, for a page on which something is sent."""
    begin, end = _hours()
    up = (dt.datetime.combine(dt.date.min, end) + UP_BY).time()
    open_hours = f"Messages go out from Monday to Friday, {end:%H:%M} to {begin:%H:%M}."
    return f"{open_hours} At other times they wait until {up:%H:%M}."


def digest_at() -> dt.time:
    """From when on Friday the weekly mail to families goes."""
    at: dt.time | None = School.objects.aggregate(at=Max("digest_at"))["at"]
    return at or DIGEST_AT


def _hours() -> tuple[dt.time, dt.time]:
    """Quiet from, quiet until."""
    found = School.objects.aggregate(begin=Min("quiet_from"), end=Max("quiet_until"))
    return found["begin"] or QUIET_FROM, found["end"] or QUIET_UNTIL
