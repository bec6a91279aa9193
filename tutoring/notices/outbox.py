"""Mails to staff that say only "there is something to read": each thing once, one mail a school day for most.

A person's look is taken in a statement of its own before anything is read or sent, so of two workers one has it. Where
a worker dies in between, whoever chose one mail a day gets no second one that day, and all of it the next; who wants it
at once is looked at again after some minutes, under the same Message-ID.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.enums import Mails
from accounts.models import User
from accounts.quiet_hours import is_quiet
from core.acting import Actor, acting_as, acting_as_system
from core.mailing import LOST_AFTER, send_alone
from students.selectors import schools_open
from tutoring.notices.models import StaffNotice
from tutoring.notices.selectors import Thing, counted, things_for

JOB = "staff mails"
# Over shoulders and on locked screens: not even how many.
SUBJECT = "Waymark: there is something for you to read"


@acting_as_system(JOB)
def send_notices(now: dt.datetime | None = None) -> int:
    """To all whose time has come; returns how many mails went. Where the mail server says no, they wait."""
    now = now or timezone.now()
    if is_quiet(now):
        return 0
    today = timezone.localdate(now)
    staff = User.objects.filter(school__in=schools_open(today), is_active=True).exclude(mails=Mails.NEVER)
    people = {person.pk: person for person in staff}
    _put_down(people.values())
    looks = StaffNotice.objects.filter(_may_look(now), person__in=people)
    return sum(_tell(look, people[look.person_id], now) for look in looks.order_by("pk"))


def _put_down(people: Iterable[User]) -> None:
    there = set(StaffNotice.objects.values_list("person_id", flat=True))
    rows = [StaffNotice(person=person) for person in people if person.pk not in there]
    StaffNotice.objects.bulk_create(rows, ignore_conflicts=True)


def _may_look(now: dt.datetime) -> Q:
    """Whose hour has come and who has not been looked at today; at once: whom nobody looks at just now."""
    local = timezone.localtime(now)
    midnight = timezone.make_aware(dt.datetime.combine(local.date(), dt.time()))
    daily = Q(person__mails_at__lte=local.time()) & (Q(taken_at=None) | Q(taken_at__lt=midnight))
    ended = Q(taken_at=None) | Q(told_at__gte=F("taken_at")) | Q(taken_at__lt=now - LOST_AFTER)
    return Q(~Q(person__mails=Mails.AT_ONCE), daily) | Q(ended, person__mails=Mails.AT_ONCE)


def _tell(look: StaffNotice, person: User, now: dt.datetime) -> bool:
    """Take it, look as they themselves, mail what is new, note it; False where nothing went."""
    mine: QuerySet[StaffNotice] = StaffNotice.objects.filter(pk=look.pk)
    # As it was read, by its own columns: with a join PostgreSQL would not ask again once another worker let go of it.
    if not mine.filter(taken_at=look.taken_at, told_at=look.told_at).update(taken_at=now):
        return False
    with acting_as(Actor(user_id=person.pk)), transaction.atomic():
        things = things_for(person, now, timezone.localdate(now))
    new = [thing for thing in things if thing.key not in look.told]
    if new and not send_alone(letter(person, new), "A mail to a colleague"):
        mine.filter(taken_at=now).update(taken_at=look.taken_at)
        return False
    mine.update(told=[thing.key for thing in things], told_at=now)
    return bool(new)


def letter(person: User, things: list[Thing]) -> EmailMessage:
    """How many of what, and links of colleagues' requests; of whom and what it is, Waymark says."""
    links = [thing.link for thing in things if thing.link]
    body = render_to_string("notices/mail.txt", {"lines": counted(things), "links": links})
    mail = EmailMessage(SUBJECT, body, to=[person.email])
    same = hashlib.sha256("".join(sorted([str(person.pk), *(thing.key for thing in things)])).encode()).hexdigest()
    mail.extra_headers["Message-ID"] = f"<{same[:32]}@notices.waymark>"
    return mail
