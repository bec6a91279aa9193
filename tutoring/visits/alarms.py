"""The timer: who has not come back by the time they said is reported to the one they named, then to those who lead.

An alarm is taken in a statement of its own before it is mailed and noted after. Two workers never take the same. One
whose worker died in between is taken again: rather twice than never, and under the same Message-ID.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.services import record
from core.acting import acting_as_system
from core.ids import UUID
from core.mailing import send_alone
from tutoring.visits.models import HomeVisit

LOST_AFTER = timedelta(minutes=2)  # well over core.mailing.PATIENCE: then another worker takes an alarm
SUBJECT = "A colleague’s visit is past its time: open Waymark"
# Nothing of whom or where: a mail is read over shoulders.
BODY = (
    "A colleague is out on a visit and has not said that they are back.\n\n"
    "1. Ring their mobile now.\n2. Open Waymark: the visit stands first on Today or under Home visits.\n"
    "3. If you cannot reach them, do what your school’s rule for working alone says; in danger ring 999.\n"
)


@dataclass(frozen=True)
class Stage:
    """Who is told how long after the time; `taken` and `done` are columns of the visit."""

    taken: str
    done: str
    after: timedelta


TOLD = Stage("told_taken_at", "told_at", timedelta(0))
HEADS = Stage("heads_taken_at", "heads_told_at", timedelta(minutes=15))


@acting_as_system("home visits")
def raise_alarms(now: datetime | None = None) -> int:
    """All that are due; returns how many went. Where the mail server says no, they wait for the next minute."""
    now = now or timezone.now()
    return sum(_raise(visit, stage, now) for stage in (TOLD, HEADS) for visit in _due(stage, now))


def _waiting(stage: Stage, now: datetime) -> Q:
    """Somebody is out past that time, and no other worker has just taken it."""
    free = Q(**{stage.taken: None}) | Q(**{f"{stage.taken}__lt": now - LOST_AFTER})
    late = Q(out_at__isnull=False, back_at=None, back_by__lt=now - stage.after)
    return late & free & Q(**{stage.done: None})


def _due(stage: Stage, now: datetime) -> Iterator[HomeVisit]:
    yield from HomeVisit.objects.select_related("told").filter(_waiting(stage, now))


def _raise(visit: HomeVisit, stage: Stage, now: datetime) -> bool:
    """Take it, mail it, note it; False where another worker has it or it could not go."""
    if not HomeVisit.objects.filter(_waiting(stage, now), pk=visit.pk).update(**{stage.taken: now}):
        return False
    to = [visit.told.email] if stage is TOLD else _heads(visit.pk)
    letter = _letter(to, f"<{visit.pk}.{stage.done}@visits.waymark>", visit.site)
    if to and not send_alone(letter, "An alarm of a home visit"):
        HomeVisit.objects.filter(pk=visit.pk, **{stage.taken: now}).update(**{stage.taken: None})
        return False
    _note(visit, stage, len(to))
    return True


def _letter(to: list[str], message_id: str, site: str) -> EmailMessage:
    """The link leads to the list, whose address names nobody."""
    link = f"\n{site.rstrip('/')}{reverse('visits:visit-list')}\n" if site else ""
    return EmailMessage(SUBJECT, BODY + link, to=to, headers={"Message-ID": message_id})


@transaction.atomic
def _note(visit: HomeVisit, stage: Stage, people: int) -> None:
    if HomeVisit.objects.filter(pk=visit.pk, **{stage.done: None}).update(**{stage.done: timezone.now()}):
        record("visit.alarm", by=None, obj=visit, people=people, to="told" if stage is TOLD else "heads")


def _heads(visit: UUID) -> list[str]:
    """Addresses of those who lead the student's house; where nobody else does, of the school's leaders."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.heads_of_visit(%s)", [visit])
        found = [key for (key,) in cursor.fetchall()]
    return list(User.objects.filter(pk__in=found).order_by("email").values_list("email", flat=True))
