"""What follows a concern: each change, its entry on the file and its line on the record are one transaction.

What is sent twice stands there once: an entry's key comes of the form and its words (safeguarding.services.key_of).
"""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from core.queueing import ring
from safeguarding.case.enums import DueKind, Ended, Gathering, Rung
from safeguarding.case.models import Due
from safeguarding.case.timescales import what_follows
from safeguarding.enums import Kind
from safeguarding.models import Concern
from safeguarding.selectors import holders_of
from safeguarding.services import CannotReadError, add_entry, key_of, receive

KIND_OF_ENTRY = {
    DueKind.ACTION: Kind.ACTION,
    DueKind.ANSWER: Kind.ANSWER,
    DueKind.CHALLENGE: Kind.CHALLENGE,
    DueKind.MEETING: Kind.MEETING,
}


@dataclass(frozen=True)
class Written:
    """What a form brought for the file: words, facts as {"of": …, "words": …}, the day, whether it stands out."""

    text: str
    facts: list[dict[str, str]]
    token: uuid.UUID
    happened_on: dt.date | None = None
    significant: bool = False


@transaction.atomic
def set_action(*, by: User, concern: Concern, owner: User, due_on: dt.date, today: dt.date, written: Written) -> bool:
    """Something for somebody who reads it. Raises CannotReadError."""
    due = Due(kind=DueKind.ACTION, owner=owner, begun_on=today, due_on=due_on)
    return _add(by, concern, due, Kind.ACTION, "", written)


@transaction.atomic
def make_referral(
    *, by: User, concern: Concern, agency: str, title: str, owner: User, due_on: dt.date, written: Written
) -> bool:
    """To an agency; its answer is due. Raises CannotReadError."""
    sent_on = written.happened_on or due_on
    due = Due(kind=DueKind.ANSWER, what=agency, owner=owner, begun_on=sent_on, due_on=due_on)
    fresh = _add(by, concern, due, Kind.REFERRAL, title, written)
    receive(by=by, concern=concern)
    return fresh


@transaction.atomic
def challenge(*, by: User, referral: Due, rung: Rung, owner: User, due_on: dt.date, written: Written) -> bool:
    """One step of a disagreement about a referral; it stands out in the chronology. Raises CannotReadError."""
    written = replace(written, significant=True)
    raised_on = written.happened_on or due_on
    due = Due(
        kind=DueKind.CHALLENGE, what=rung, follows=referral, owner=owner, begun_on=raised_on, due_on=due_on
    )  # fmt: skip
    return _add(by, referral.concern, due, Kind.CHALLENGE, rung.label, written)


def _add(by: User, concern: Concern, due: Due, kind: Kind, title: str, written: Written) -> bool:
    if due.owner not in holders_of(concern, by):
        raise CannotReadError
    due.concern, due.made_by = concern, by
    said = [str(concern.pk), due.kind, due.what, written.text, written.facts, str(due.due_on), str(due.owner_id)]
    due.id = key_of("due", by, written.token, said)
    try:
        with transaction.atomic():
            due.save(force_insert=True)
    except IntegrityError:
        return False
    ring("safeguarding.send_alerts")
    return _write(by, concern, kind, title, written, due)


def _write(by: User, concern: Concern, kind: Kind, title: str, written: Written, due: Due | None = None) -> bool:
    words: dict[str, Any] = {"title": title, "text": written.text, "facts": written.facts}
    words |= {"due": str(due.pk)} if due else {}
    return add_entry(
        by=by, concern=concern, kind=kind, words=words, happened_on=written.happened_on,
        significant=written.significant, token=written.token,
    )  # fmt: skip


@transaction.atomic
def end_due(*, by: User, due: Due, ended: Ended, on: dt.date, written: Written) -> bool:
    """With what came of it; False where a colleague was quicker, or the form came twice."""
    if not Due.objects.filter(pk=due.pk, done_on=None).update(done_on=on, ended=ended):
        return False
    kind = KIND_OF_ENTRY[DueKind(due.kind)]
    return _write(by, due.concern, kind, due.what_label, written, due)


@transaction.atomic
def move_due(*, by: User, due: Due, due_on: dt.date, owner: User, written: Written) -> bool:
    """To another day or person; the ones before stay on the file. False where it has ended. Raises CannotReadError."""
    if owner not in holders_of(due.concern, by):
        raise CannotReadError
    if not Due.objects.filter(pk=due.pk, done_on=None).update(due_on=due_on, owner=owner):
        return False
    ring("safeguarding.send_alerts")
    kind = KIND_OF_ENTRY[DueKind(due.kind)]
    return _write(by, due.concern, kind, due.what_label or "another day", written, due)


@transaction.atomic
def write_meeting(
    *, by: User, concern: Concern, kind: Gathering, on: dt.date, held: bool, goes_on: bool,
    following: tuple[Gathering, dt.date] | None, written: Written,
) -> bool:  # fmt: skip
    """One that was held, or is to come. What the law wants after it, and what was set, is due from then on."""
    if not _write(by, concern, Kind.MEETING, kind.label, written):
        return False
    waited = Due.objects.filter(concern=concern, kind=DueKind.MEETING, what=kind, done_on=None)
    before = waited.order_by("due_on", "pk").first()
    if held:
        if before:
            waited.filter(pk=before.pk).update(done_on=on, ended=Ended.DONE)
        else:
            _expect(by, concern, kind, on, on, done_on=on, ended=Ended.DONE)
        for one, last in what_follows(kind, on) if goes_on else []:
            _expect_once(by, concern, one, on, last)
        if following:
            _expect_on(by, concern, following[0], on, following[1])
    elif before:
        waited.filter(pk=before.pk).update(due_on=on)
    else:
        _expect(by, concern, kind, min(on, written.happened_on or on), on)
    return True


def _expect_on(by: User, concern: Concern, kind: Gathering, since: dt.date, on: dt.date) -> None:
    """A day that was set takes the place of the last one by law; later than that, the form asked why."""
    waited = Due.objects.filter(concern=concern, kind=DueKind.MEETING, what=kind, done_on=None)
    before = waited.order_by("due_on", "pk").first()
    if before is None:
        _expect(by, concern, kind, since, on)
    else:
        waited.filter(pk=before.pk).update(due_on=on)


def _expect_once(by: User, concern: Concern, kind: Gathering, since: dt.date, last: dt.date) -> None:
    """The last day by law never puts off one that was set before it."""
    waited = Due.objects.filter(concern=concern, kind=DueKind.MEETING, what=kind, done_on=None)
    before = waited.order_by("due_on", "pk").first()
    if before is None:
        _expect(by, concern, kind, since, last)
    elif last < before.due_on:
        waited.filter(pk=before.pk).update(due_on=last)


def _expect(by: User, concern: Concern, kind: Gathering, since: dt.date, last: dt.date, **ended: Any) -> None:
    Due(
        concern=concern, kind=DueKind.MEETING, what=kind, owner=None if ended else concern.owner, made_by=by,
        begun_on=since, due_on=last, **ended,
    ).save(force_insert=True)  # fmt: skip
