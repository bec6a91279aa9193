"""The private link to one's calendar: made and shown once, renewed, switched off; and whose calendar a token opens."""

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from audit.services import record
from core.acting import NOBODY, acting_as
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment, CalendarLink
from tutoring.diary.others import Other, others_of
from tutoring.diary.selectors import appointments_with

BACK, AHEAD = dt.timedelta(days=7), dt.timedelta(days=60)


def calendar_link_of(user: User) -> CalendarLink | None:
    """The link this person has made and not switched off."""
    return CalendarLink.objects.filter(user=user).first()


@transaction.atomic
def make_calendar_link(*, by: User) -> str:
    """A fresh token, 256 bits of chance, of which only the hash is kept; an earlier one stops working at once."""
    token = secrets.token_urlsafe(32)
    link, _ = CalendarLink.objects.update_or_create(
        user=by, defaults={"token_hash": _hash(token), "made_at": timezone.now()}
    )
    record("calendar_link.made", by=by, obj=link)
    return token


@transaction.atomic
def remove_calendar_link(*, by: User) -> None:
    """No calendar program gets anything any more."""
    link = calendar_link_of(by)
    if link:
        record("calendar_link.removed", by=by, obj=link)
        link.delete()


def owner_of(token: str) -> User | None:
    """Whose calendar the token opens; None where it was renewed or switched off, or they no longer log sessions here.

    Asked as nobody, whoever may be signed in at this browser: the token alone is what allows it.
    """
    with acting_as(NOBODY):
        link = CalendarLink.objects.filter(token_hash=_hash(token)).select_related("user__school").first()
        if link is None or not link.user.has_perm(Permission.LOG_SESSION):
            return None
        owner: User = link.user
        return owner


def feed_appointments(user: User, today: dt.date) -> list[Appointment]:
    """What stands in the feed: booked or held, of the last week and the next sixty days; several together once."""
    theirs = appointments_with(user, today - BACK, today + AHEAD)
    shown = theirs.filter(state__in=(State.BOOKED, State.HELD)).order_by("day", "starts_at", "-pk")
    return list({(one.together or one.pk, one.day, one.starts_at): one for one in shown}.values())


def feed_others(user: User, today: dt.date) -> list[Other]:
    """Of the same days what is no appointment."""
    return others_of(user, today - BACK, today + AHEAD)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
