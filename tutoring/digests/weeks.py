"""Which week's mail goes when: on Friday; where the server was down or it was quiet, on Monday, then not any more."""

import datetime as dt

from django.utils import timezone

from accounts.quiet_hours import digest_at
from tutoring.attendance.selectors import monday_of
from tutoring.digests.enums import Rhythm

MONDAY, FRIDAY = 0, 4


def goes_at(week: dt.date, hour: dt.time | None = None) -> dt.datetime:
    """The moment from which the mail of that week goes; `hour` where the school's is at hand."""
    return timezone.make_aware(dt.datetime.combine(week + dt.timedelta(days=FRIDAY), hour or digest_at()))


def week_to_send(now: dt.datetime) -> dt.date | None:
    """The Monday of the week whose mail goes at that moment; None from Tuesday until its hour on Friday."""
    day = timezone.localtime(now).date()
    this = monday_of(day)
    if day.weekday() == MONDAY:
        return this - dt.timedelta(days=7)
    return this if now >= goes_at(this) else None


def rhythms_of(week: dt.date) -> list[Rhythm]:
    """Who gets a mail that week; every second week the same for all, so that anybody can say which."""
    even = week.toordinal() // 7 % 2 == 0
    return [Rhythm.WEEKLY, Rhythm.FORTNIGHTLY] if even else [Rhythm.WEEKLY]


def next_for(rhythm: str, week: dt.date) -> dt.date:
    """That week, or the next in which a mail of this rhythm goes."""
    return week if rhythm in rhythms_of(week) else week + dt.timedelta(days=7)
