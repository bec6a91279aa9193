"""What somebody at home chose, for messages that other rooms send them: the language, and the mail they go with."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from accounts.quiet_hours import digest_at, next_sending
from core.ids import UUID
from students.models import Contact
from tutoring.attendance.selectors import monday_of
from tutoring.digests.enums import Rhythm
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.digests.weeks import goes_at, next_for
from tutoring.sessions.praise import Wish

ONE_WEEK = dt.timedelta(days=7)
TUESDAY_AFTER = dt.timedelta(days=8)  # from Tuesday on the mail of the week before goes no more


def wishes(contacts: Sequence[Contact], now: dt.datetime) -> dict[UUID, Wish]:
    """Contact id → what they chose, of whoever has said something; asked as one who sees the family.

    The weekly mail is promised only where it comes: guard.digest_facts wants parental responsibility and a student on
    roll, and nobody may have held that week's back.
    """
    chosen = list(DigestChoice.objects.filter(contact__in=[c.pk for c in contacts]).select_related("student"))
    if all(choice.rhythm == Rhythm.NONE for choice in chosen):
        return {choice.contact_id: Wish(choice.language) for choice in chosen}
    hour = digest_at()
    first = _first_week_to_come(now, hour)
    written_to = {c.pk for c in contacts if c.parental_responsibility and not c.court_order and c.email}
    held = set(FamilyDigest.objects.filter(contact__in=written_to, held=True).values_list("contact", "week"))
    alone = {week: _alone_from(week) for week in (first, first + ONE_WEEK)}
    found = {choice.contact_id: Wish(choice.language) for choice in chosen}
    for choice in chosen:
        week, left = next_for(choice.rhythm, first), choice.student.left_on
        comes = choice.rhythm != Rhythm.NONE and (left is None or left >= week)
        if comes and choice.contact_id in written_to and (choice.contact_id, week) not in held:
            found[choice.contact_id] = Wish(choice.language, goes_at(week, hour), alone[week])
    return found


def _first_week_to_come(now: dt.datetime, hour: dt.time) -> dt.date:
    """The Monday of the first week whose mail has not begun to go."""
    week = monday_of(timezone.localtime(now).date())
    return week + ONE_WEEK if now >= goes_at(week, hour) else week


def _alone_from(week: dt.date) -> dt.datetime:
    return next_sending(timezone.make_aware(dt.datetime.combine(week + TUESDAY_AFTER, dt.time.min)))
