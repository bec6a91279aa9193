"""Opening an investigation and adding to it: each change and its line on the record are one transaction."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record
from core.ids import UUID
from safeguarding.investigations.enums import Entry, Kind, Part
from safeguarding.investigations.models import FollowUp, Investigation, InvestigationEntry, InvestigationKey, Party
from safeguarding.investigations.sealing import cipher_of, wrap_for
from safeguarding.keys import Cipher, new_cipher
from students.models import Student


class NotNowError(Exception):
    """A colleague was quicker, or something is still to come: a statement, a follow-up."""


@dataclass(frozen=True)
class Named:
    """Somebody to be put into it: the name as it was typed, and who that is, where it was chosen from the list."""

    part: Part
    name: str
    student: Student | None = None
    staff: User | None = None

    def party(self, investigation: Investigation) -> Party:
        return Party(investigation=investigation, part=self.part, student=self.student, staff=self.staff)

    @property
    def full(self) -> str:
        """Not the label of the list, with the group of that day."""
        return self.student.name if self.student else self.name


@transaction.atomic
def open_investigation(
    *, by: User, token: UUID, kind: Kind, happened_on: dt.date | None, people: Sequence[Named], words: dict[str, Any]
) -> Investigation | None:
    """One, in the hands of whoever opens it. The same form sent again gives the same one.

    None where it stands and they do not read it, kept from a student in it: of that they are told nothing.

    Raises EncryptionError: then nothing was kept.
    """
    sent = Investigation.objects.filter(submission=token, lead=by).first()
    if sent is None:
        try:
            with transaction.atomic():
                sent = _opened(by, token, kind, happened_on, people, words)
        except IntegrityError as error:
            # The same form, sent twice.
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            sent = Investigation.objects.filter(submission=token, lead=by).first()
    discard_draft(by=by, token=token)
    return sent


def _opened(
    by: User, token: UUID, kind: Kind, happened_on: dt.date | None, people: Sequence[Named], words: dict[str, Any]
) -> Investigation:
    investigation = Investigation(
        school_id=cast(UUID, by.school_id),  # whoever passed the permission check is at a school
        lead=by,
        submission=token,
        kind=kind,
        happened_on=happened_on,
        opened_at=timezone.now(),
    )
    investigation.save(force_insert=True)
    cipher = new_cipher()
    students = [one.student.pk for one in people if one.student]
    parties = [(one.party(investigation), one.full) for one in people]
    Party.objects.bulk_create(party for party, _ in parties)
    InvestigationKey.objects.bulk_create(wrap_for(cipher, investigation.pk, students))
    names = {str(party.pk): name for party, name in parties}
    _write(by, investigation, cipher, Entry.OPENED, words | {"names": names})
    # Of the file: whoever searches the record does not find it, and nothing of whom stands in it.
    record("file.investigation_begun", by=by)
    return investigation


def _write(
    by: User, investigation: Investigation, cipher: Cipher, kind: Entry, words: dict[str, Any],
    follow_up: FollowUp | None = None,
) -> InvestigationEntry:  # fmt: skip
    entry = InvestigationEntry(
        investigation=investigation, kind=kind, author=by, written_at=timezone.now(), follow_up=follow_up
    )
    entry.words = cipher.seal(entry, "words", words)
    entry.save(force_insert=True)
    return entry


@transaction.atomic
def add_entry(
    *, by: User, investigation: Investigation, kind: Entry, words: dict[str, Any], token: UUID | None = None,
    follow_up: FollowUp | None = None,
) -> InvestigationEntry:  # fmt: skip
    """One thing more, for good. Raises EncryptionError; NotNowError where it may not come as the matter stands."""
    cipher = cipher_of(investigation)
    try:
        with transaction.atomic():
            entry = _write(by, investigation, cipher, kind, words, follow_up)
    except IntegrityError as error:
        raise NotNowError from error
    discard_draft(by=by, token=token)
    record(f"file.investigation_{kind.value}", by=by, obj=investigation)
    return entry


@transaction.atomic
def name_person(*, by: User, investigation: Investigation, named: Named, why: str) -> Party:
    """Somebody else is in it. Raises EncryptionError; IntegrityError where they are in it already."""
    cipher, party = cipher_of(investigation), named.party(investigation)
    words = {"names": {str(party.pk): named.full}, "text": f"{named.full}: {named.part.label.lower()}. {why}".strip()}
    _write(by, investigation, cipher, Entry.NAMED, words)
    if named.student:
        InvestigationKey.objects.bulk_create(wrap_for(cipher, investigation.pk, [named.student.pk]))
    record("file.investigation_named", by=by, obj=investigation)
    # Last: whoever is kept from this student reads nothing of it from then on.
    party.save(force_insert=True)
    return party
