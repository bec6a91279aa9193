"""What somebody at home chose, for messages that other rooms send them: the language, and the mail they go with."""

import datetime as dt

from django.utils import timezone

from accounts.quiet_hours import next_sending
from students.models import Contact
from tutoring.attendance.selectors import monday_of
from tutoring.digests.enums import Rhythm
from tutoring.digests.selectors import choice_of
from tutoring.digests.weeks import goes_at, next_for
from tutoring.sessions.praise import Wish

TUESDAY_AFTER = dt.timedelta(days=8)  # from Tuesday on the mail of the week before goes no more


def wish(contact: Contact, now: dt.datetime) -> Wish:
    """Asked as whoever writes to them, who sees the family."""
    choice = choice_of(contact)
    if choice is None:
        return Wish()
    if choice.rhythm == Rhythm.NONE:
        return Wish(choice.language)
    week = _week_to_come(choice.rhythm, now)
    after = timezone.make_aware(dt.datetime.combine(week + TUESDAY_AFTER, dt.time.min))
    return Wish(choice.language, goes_at(week), next_sending(after))


def _week_to_come(rhythm: str, now: dt.datetime) -> dt.date:
    """The Monday of the first week whose mail has not begun to go."""
    week = monday_of(timezone.localtime(now).date())
    if now >= goes_at(week):
        week += dt.timedelta(days=7)
    return next_for(rhythm, week)
