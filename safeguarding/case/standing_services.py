"""Writing down where a child stands: each row, its words and its line on the record are one transaction."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record
from core.encryption import EncryptionError
from safeguarding.case.enums import Held, Ladder
from safeguarding.case.models import Standing, StandingWords
from safeguarding.case.standings import Person
from safeguarding.case.timescales import FIRST_REVIEW_MONTHS, core_group_due, months_after, review_due
from safeguarding.keys import Cipher, keys_of_students
from safeguarding.services import key_of
from students.models import Student


class SupersededError(Exception):
    """A colleague changed it in the meantime."""


@dataclass(frozen=True)
class Said:
    """What a form brought. Days left empty are those of the law."""

    level: Ladder
    since: dt.date
    category: str = ""
    until: dt.date | None = None
    review_on: dt.date | None = None
    core_on: dt.date | None = None
    held: str = ""
    held_on: dt.date | None = None
    people: Sequence[Person] = field(default_factory=list)
    note: str = ""
    why_late: str = ""

    def by_law(self, before: Standing | None) -> "ByLaw":
        """The last days of what comes next; a new stage of the ladder begins to count anew."""
        if before is None:
            return self._at_first()
        if before.level != self.level:
            # The conference that decided on a plan is not a review of it.
            return ByLaw(review_due(self.level, self.since, 0, None), core_group_due(self.level, self.since), 0)
        if self.held == Held.REVIEW:
            reviews = before.reviews + 1
            return ByLaw(review_due(self.level, self.since, reviews, self.held_on), None, reviews)
        if before.reviews:
            return ByLaw(before.review_by, None, before.reviews)
        return ByLaw(review_due(self.level, self.since, 0, None), None, 0)

    def _at_first(self) -> "ByLaw":
        """Of a child who comes with a stage that others keep: a review of long after it began was not the first."""
        if self.held == Held.REVIEW and self.held_on:
            reviews = 2 if self.held_on > months_after(self.since, FIRST_REVIEW_MONTHS) else 1
            return ByLaw(review_due(self.level, self.since, reviews, self.held_on), None, reviews)
        core = None if self.held else core_group_due(self.level, self.since)
        return ByLaw(review_due(self.level, self.since, 0, None), core, 0)

    def row(self, before: Standing | None) -> dict[str, Any]:
        law = self.by_law(before)
        ended = self.until is not None and self.until <= timezone.localdate()
        return {
            "level": self.level,
            "category": self.category,
            "since": self.since,
            "until": self.until,
            "review_on": None if ended else self.review_on or law.review,
            "review_by": None if ended else law.review,
            "core_on": None if ended else self.core_on or law.core,
            "held": self.held,
            "held_on": self.held_on,
            "reviews": law.reviews,
        }


@dataclass(frozen=True)
class ByLaw:
    """The last days that the law allows, where it sets any; how many reviews there were."""

    review: dt.date | None
    core: dt.date | None
    reviews: int


@transaction.atomic
def write_standing(*, by: User, student: Student, before: Standing | None, said: Said, token: uuid.UUID) -> bool:
    """A new row, which supersedes the one before; the same form sent twice stands there once: then False.

    Raises SupersededError, and EncryptionError where the child's key cannot be opened.
    """
    key = keys_of_students([student.pk]).get(student.pk)
    if key is None:
        raise EncryptionError("The child's key cannot be opened.")
    row = Standing(
        student=student, supersedes=before, written_by=by, written_at=timezone.now(), **said.row(before)
    )  # fmt: skip
    row.id = key_of("standing", by, token, [str(student.pk), asdict(said)])
    sealed = StandingWords(standing=row)
    words = {"people": [asdict(one) for one in said.people], "note": said.note, "why_late": said.why_late}
    sealed.words = Cipher(key).seal(sealed, "words", words)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            sealed.save(force_insert=True)
    except IntegrityError as error:
        if not Standing.objects.filter(pk=row.pk).exists():
            raise SupersededError from error
        fresh = False
    else:
        fresh = True
        record("file.standing_written", by=by, obj=student)
    discard_draft(by=by, token=token)
    return fresh
