"""Asking all who teach a student, and answering once; each on the record."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record
from core.ids import UUID
from core.mail_links import hash_of
from core.queueing import ring
from students.models import Student
from tutoring.roundrobin.bank import Proforma
from tutoring.roundrobin.enums import How
from tutoring.roundrobin.links import is_good, token_of
from tutoring.roundrobin.models import Ask
from tutoring.roundrobin.selectors import usual_days

GOOD_FOR = dt.timedelta(days=14)


@transaction.atomic
def ask_teachers(
    *, by: User, student: Student, round_id: UUID, proforma: Proforma, teachers: Mapping[User, str],
    answer_by: dt.date, site: str,
) -> int:  # fmt: skip
    """One request to each, with their subjects; once per `round_id`. Returns how many were asked now."""
    if Ask.objects.filter(round=round_id, asked_by=by).exists():
        return 0
    now = timezone.now()
    end = timezone.make_aware(dt.datetime.combine(answer_by + dt.timedelta(days=1), dt.time()))
    asks = [
        Ask(
            student=student, round=round_id, asked_by=by, teacher=teacher, subjects=subjects[:300], site=site,
            title=proforma.title, questions=proforma.as_data, asked_at=now, answer_by=answer_by,
            remind_on=_day_before(student, answer_by), good_until=max(now + GOOD_FOR, end),
        )
        for teacher, subjects in teachers.items()
    ]  # fmt: skip
    for ask in asks:
        ask.token_hash = hash_of(token_of(ask.pk))
    Ask.objects.bulk_create(asks)
    if asks:
        record("ask.sent", by=by, obj=asks[0], round=str(round_id), teachers=len(asks))
        ring("roundrobin.send_mails")
    return len(asks)


def _day_before(student: Student, answer_by: dt.date) -> dt.date:
    """The last school day before the day; the day itself where there is none."""
    days = [day for day in usual_days(student, timezone.localdate()) if day < answer_by]
    return days[-1] if days else answer_by


@transaction.atomic
def answer_ask(*, by: User, ask: Ask, answers: Sequence[str], words: str) -> bool:
    """Signed in; False where it was answered before, as from the mail."""
    if ask.teacher_id != by.pk:
        raise PermissionDenied("Only whoever was asked answers.")
    return _answer(ask, by, How.SIGNED_IN, answers, words)


def answer_at_door(*, ask: Ask, answers: Sequence[str], words: str) -> bool:
    """From the mail, inside `links.at_door`; False where the link was used meanwhile or is too old."""
    return is_good(ask) and _answer(ask, None, How.LINK, answers, words)


def _answer(ask: Ask, by: User | None, how: How, answers: Sequence[str], words: str) -> bool:
    """In one statement, so that a link sent twice at one moment counts once."""
    given = {"answers": list(answers), "words": words, "how": how, "answered_at": timezone.now()}
    if not Ask.objects.filter(pk=ask.pk, answered_at=None).update(**given):
        return False
    record("ask.answered", by=by, obj=ask, round=str(ask.round), how=how.value)
    return True
