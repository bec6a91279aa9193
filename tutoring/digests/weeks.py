"""Which week's mail goes when: on Friday afternoon; where the server was down or it was quiet, until Monday evening."""

import datetime as dt

from django.utils import timezone

from tutoring.attendance.selectors import monday_of
from tutoring.digests.enums import Rhythm

FRIDAY, HOUR = 4, dt.time(16)
# What waited longer is no news any more.
GOES_UNTIL = dt.timedelta(days=3, hours=4)


def goes_at(week: dt.date) -> dt.datetime:
    """The moment from which the mail of that week goes."""
    return timezone.make_aware(dt.datetime.combine(week + dt.timedelta(days=FRIDAY), HOUR))


def week_to_send(now: dt.datetime) -> dt.date | None:
    """The Monday of the week whose mail goes at that moment; None between Monday evening and Friday afternoon."""
    this = monday_of(timezone.localtime(now).date())
    for week in (this, this - dt.timedelta(days=7)):
        if goes_at(week) <= now < goes_at(week) + GOES_UNTIL:
            return week
    return None


def rhythms_of(week: dt.date) -> list[Rhythm]:
    """Who gets a mail that week; every second week the same for all, so that anybody can say which."""
    even = week.toordinal() // 7 % 2 == 0
    return [Rhythm.WEEKLY, Rhythm.FORTNIGHTLY] if even else [Rhythm.WEEKLY]


def next_for(rhythm: str, week: dt.date) -> dt.date:
    """That week, or the next in which a mail of this rhythm goes."""
    return week if rhythm in rhythms_of(week) else week + dt.timedelta(days=7)
