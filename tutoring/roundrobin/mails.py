"""The mail to each teacher, and one reminder on the school day before; never in the school's quiet hours or holidays.

None once answered, and none to whoever wants no mails, or one a day: `tutoring.notices` brings them theirs.

A mail is taken in a statement of its own before it goes and noted after; what was taken by a worker that died is taken
again: rather twice than never, and under the same Message-ID.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.enums import Mails
from accounts.quiet_hours import is_quiet
from core.acting import acting_as_system
from core.mailing import send_alone
from students.selectors import schools_open
from tutoring.roundrobin.links import link_to
from tutoring.roundrobin.models import Ask

JOB = "round robin"
LOST_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Stage:
    """Columns of the request, and the words of the mail."""

    taken: str
    done: str
    subject: str


FIRST = Stage("mail_taken_at", "mailed_at", "A colleague asks you: two taps, no sign-in")
REMINDER = Stage("reminder_taken_at", "reminded_at", "Reminder: a colleague asks you, two taps")


@acting_as_system(JOB)
def send_mails(now: datetime | None = None) -> int:
    """All whose time has come; returns how many went. Where the mail server says no, they wait for the next minute."""
    now = now or timezone.now()
    if is_quiet(now):
        return 0
    return sum(_send(ask, stage, now) for stage in (FIRST, REMINDER) for ask in _due(stage, now))


def _waiting(stage: Stage, now: datetime) -> Q:
    today = timezone.localdate(now)
    free = Q(**{stage.taken: None}) | Q(**{f"{stage.taken}__lt": now - LOST_AFTER})
    wanted = Q(answered_at=None, teacher__is_active=True, good_until__gt=now, **{stage.done: None})
    wanted &= Q(teacher__mails__in=[Mails.USUAL, Mails.AT_ONCE])
    if stage is REMINDER:
        # Not on the day of the first mail: whoever was asked this morning has not forgotten.
        wanted &= Q(remind_on__lte=today, answer_by__gte=today, mailed_at__date__lt=today)
    return wanted & free


def _due(stage: Stage, now: datetime) -> list[Ask]:
    asks = Ask.objects.filter(_waiting(stage, now), teacher__school__in=schools_open(timezone.localdate(now)))
    return list(asks.select_related("teacher", "asked_by"))


def _send(ask: Ask, stage: Stage, now: datetime) -> bool:
    """Take it, mail it, note it; False where another worker has it, it was answered meanwhile, or it could not go."""
    # As it was read, by its own columns: with a join PostgreSQL would not ask again once another worker let go of it.
    as_read = {stage.taken: getattr(ask, stage.taken), stage.done: None, "answered_at": None}
    if not Ask.objects.filter(pk=ask.pk, **as_read).update(**{stage.taken: now}):
        return False
    if not send_alone(letter(ask, stage), "A mail of a round robin"):
        Ask.objects.filter(pk=ask.pk, **{stage.taken: now}).update(**{stage.taken: None})
        return False
    Ask.objects.filter(pk=ask.pk).update(**{stage.done: now})
    return True


def letter(ask: Ask, stage: Stage) -> EmailMessage:
    """Nothing of the student: the page says who it is about."""
    body = render_to_string("roundrobin/mail.txt", {"ask": ask, "link": link_to(ask), "again": stage is REMINDER})
    mail = EmailMessage(stage.subject, body, to=[ask.teacher.email])
    mail.extra_headers["Message-ID"] = f"<{ask.pk}.{stage.done}@roundrobin.waymark>"
    return mail
