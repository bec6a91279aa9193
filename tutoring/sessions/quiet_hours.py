"""When a mail may reach a family: not in the evening, at night or at a weekend."""

import datetime as dt

from django.utils import timezone

BEGIN, END = dt.time(19), dt.time(7)
# What waited overnight goes when people are up, not the minute the night ends.
MORNING = dt.time(7, 30)
SATURDAY = 5
IN_WORDS = "Messages go out from Monday to Friday, 07:00 to 19:00. At other times they wait until 07:30."


def is_quiet(now: dt.datetime) -> bool:
    """Whether nothing goes out at that moment; 19.00 itself is quiet, 7.00 is not."""
    local = timezone.localtime(now)
    return local.weekday() >= SATURDAY or not END <= local.time() < BEGIN


def next_sending(now: dt.datetime) -> dt.datetime:
    """That moment where it is not quiet, else 7.30 of the next weekday morning."""
    if not is_quiet(now):
        return now
    local = timezone.localtime(now)
    day = local.date() if local.time() < END else local.date() + dt.timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(day, MORNING))
