"""Recording what a family chose; leaving a line of the next mail out, or holding it back."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record
from core.mail_links import hash_of
from students.models import Contact
from tutoring.digests.enums import Part, Rhythm, State
from tutoring.digests.links import token_of
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.digests.selectors import choice_of, obstacle_of


class CannotWriteError(Exception):
    """Nobody may write to this contact: no responsibility, no address, or a court order."""


@transaction.atomic
def record_choice(*, by: User, contact: Contact, rhythm: str, language: str, site: str) -> DigestChoice:
    """What the contact said, with who recorded it and when. CannotWriteError: nothing was saved."""
    if rhythm != Rhythm.NONE and obstacle_of(contact):
        raise CannotWriteError
    choice = choice_of(contact) or DigestChoice(contact=contact, student_id=contact.student_id)
    choice.rhythm, choice.language, choice.site = rhythm, language, site
    choice.recorded_by, choice.recorded_at, choice.stopped_at = by, timezone.now(), None
    choice.token_hash = hash_of(token_of(choice.pk))
    choice.save()
    record("digest.chosen", by=by, obj=choice, rhythm=rhythm)
    return choice


def stop_at_door(*, choice: DigestChoice) -> None:
    """By whoever holds the link from their mail, inside `links.at_door`; again is no fault."""
    stopped = DigestChoice.objects.filter(pk=choice.pk).exclude(rhythm=Rhythm.NONE)
    if stopped.update(rhythm=Rhythm.NONE, stopped_at=timezone.now()):
        record("digest.stopped", by=None, obj=choice)


def hold_back(*, by: User, choice: DigestChoice, week: dt.date, held: bool) -> bool:
    """The whole mail of that week, or let it go again; False where it has gone."""
    return _change(by, choice, week, "digest.held" if held else "digest.released", held=held)


def leave_out(*, by: User, choice: DigestChoice, week: dt.date, part: str, out: bool) -> bool:
    """One line of the mail of that week, or put it back; False where it has gone."""
    row = FamilyDigest.objects.filter(contact=choice.contact_id, week=week).first()
    others = {name for name in row.left_out if name != part} if row else set()
    left_out = [name for name in Part.values if name in others or (out and name == part)]
    return _change(by, choice, week, "digest.changed", left_out=left_out)


@transaction.atomic
def _change(by: User, choice: DigestChoice, week: dt.date, action: str, **values: object) -> bool:
    """In one statement, so that a mail just taken to be sent is not changed under the hands of whoever sends it."""
    FamilyDigest.objects.bulk_create(
        [FamilyDigest(contact_id=choice.contact_id, student_id=choice.student_id, week=week)], ignore_conflicts=True
    )
    mail = FamilyDigest.objects.filter(contact=choice.contact_id, week=week, state=State.OPEN)
    if not mail.update(**values):
        return False
    record(action, by=by, obj=mail.get())
    return True
