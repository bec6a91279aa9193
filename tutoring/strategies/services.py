"""Writing cards, own words and handling plans; looking whether a card is still true, putting it away; who agreed."""

import datetime as dt
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from psycopg.errors import UniqueViolation

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record
from core.ids import UUID
from students.models import Student
from tutoring.strategies.enums import Party
from tutoring.strategies.models import HandlingPlan, OwnWords, StrategyCard, TeamPart

AGAIN = dt.timedelta(days=84)  # about a term


class NewerError(Exception):
    """Somebody wrote another version since the form was opened; nothing was saved."""


Words = TypeVar("Words", OwnWords, HandlingPlan)


def usual_review(today: dt.date) -> dt.date:
    """When to look again, where nobody says another day."""
    return today + AGAIN


@transaction.atomic
def write_card(*, by: User, student: Student, **words: Any) -> StrategyCard:
    """One line more; the form has asked whether there is room."""
    card = StrategyCard.objects.create(author=by, student=student, **words)
    record("strategy.written", by=by, obj=card)
    return card


@transaction.atomic
def leave_standing(*, by: User, card: StrategyCard) -> bool:
    """Still true: to be looked at again after a term. False where somebody put it away meanwhile."""
    today = timezone.localdate()
    standing = StrategyCard.objects.filter(pk=card.pk, ended_on=None)
    if not standing.update(still_true_on=today, still_true_by=by, review_on=usual_review(today)):
        return False
    record("strategy.still_true", by=by, obj=card)
    return True


@transaction.atomic
def put_away(*, by: User, card: StrategyCard, why: str) -> bool:
    """No longer true; it is kept. False where somebody put it away before."""
    standing = StrategyCard.objects.filter(pk=card.pk, ended_on=None)
    if not standing.update(ended_on=timezone.localdate(), ended_by=by, ended_why=why):
        return False
    record("strategy.put_away", by=by, obj=card)
    return True


@transaction.atomic
def write_own_words(*, by: User, student: Student, based_on: int, submission: UUID, **words: str) -> OwnWords:
    """The next version of a student's own words; NewerError where `based_on` is not the latest any more."""
    sent_before = OwnWords.objects.filter(submission=submission, made_by=by).first()
    if sent_before:
        return sent_before
    said = _next(OwnWords, by, student, based_on, submission, words)
    discard_draft(by=by, token=submission)
    record("own_words.written", by=by, obj=said, version=said.version)
    return said


@transaction.atomic
def write_handling(
    *, by: User, student: Student, based_on: int, submission: UUID, team: dict[str, str], **words: Any
) -> HandlingPlan:
    """The next version of the whole plan, to which nobody has agreed yet; NewerError as above."""
    sent_before = HandlingPlan.objects.filter(submission=submission, made_by=by).first()
    if sent_before:
        return sent_before
    plan = _next(HandlingPlan, by, student, based_on, submission, words)
    TeamPart.objects.create(plan=plan, student=student, **team)
    discard_draft(by=by, token=submission)
    record("handling.ended" if plan.ended_why else "handling.written", by=by, obj=plan, version=plan.version)
    return plan


@transaction.atomic
def note_agreement(*, by: User, part: TeamPart, party: Party, name: str, day: dt.date) -> bool:
    """Who agreed and when, once. False where it was noted before."""
    open_still = TeamPart.objects.filter(**{"pk": part.pk, f"{party}_name": ""})
    if not open_still.update(**{f"{party}_name": name, f"{party}_on": day}):
        return False
    record("handling.agreed", by=by, obj=part, party=party.value)
    return True


def record_opening(plan: HandlingPlan, *, by: User) -> None:
    record("handling.opened", by=by, obj=plan)


def latest_version(model: type[OwnWords] | type[HandlingPlan], student: Student) -> int:
    """0 where there is none yet."""
    found: int | None = model.objects.filter(student=student).aggregate(last=Max("version"))["last"]
    return found or 0


def _next(
    model: type[Words], by: User, student: Student, based_on: int, submission: UUID, words: dict[str, Any]
) -> Words:
    """The version after the one that the form began with."""
    if latest_version(model, student) != based_on:
        raise NewerError
    try:
        with transaction.atomic():
            return model.objects.create(
                student=student, made_by=by, submission=submission, version=based_on + 1, **words
            )
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):  # written by somebody else at this very moment
            raise NewerError from error
        raise
