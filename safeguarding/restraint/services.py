"""Recording a restrictive intervention and what follows: each change and its line on the record are one transaction."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record
from core.ids import UUID
from safeguarding.restraint.enums import Kind, Part
from safeguarding.restraint.models import Incident, IncidentEntry, IncidentStaff
from safeguarding.restraint.sealing import cipher_of_pupil, cipher_to_record
from students.models import Student


@dataclass(frozen=True)
class Words:
    """What somebody writes of it; all of it is sealed. `staff` and `witnesses` are names as they were typed."""

    name: str
    staff: list[str]
    witnesses: list[str]
    my_part: str
    place: str
    before: str
    tried: str
    why: str
    how: str
    pupil_injuries: str = ""
    staff_injuries: str = ""
    medical: str = ""
    account: str = ""
    support: str = ""
    others: str = ""
    marks: list[dict[str, Any]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """What the check of what is never allowed looks at."""
        return [self.before, self.tried, self.why, self.how, self.pupil_injuries, self.account, self.medical]


@dataclass(frozen=True)
class Facts:
    """What is not sealed: records are found, counted and chased by it."""

    started_at: dt.datetime
    ended_at: dt.datetime
    kinds: list[str]
    reasons: list[str]
    pupil_hurt: bool = False
    staff_hurt: bool = False


@transaction.atomic
def record_incident(
    *, by: User, token: UUID, student: Student, facts: Facts, words: Words, staff: Sequence[tuple[User, Part]]
) -> Incident:
    """One record. The same form sent again gives the same one. Raises EncryptionError: then nothing was kept."""
    sent = Incident.objects.filter(submission=token, recorded_by=by).first()
    if sent is None:
        try:
            with transaction.atomic():
                sent = _recorded(by, token, student, facts, words, staff)
        except IntegrityError:
            # The same form, sent twice at the same moment.
            sent = Incident.objects.filter(submission=token, recorded_by=by).first()
            if sent is None:
                raise
    discard_draft(by=by, token=token)
    return sent


def _recorded(
    by: User, token: UUID, student: Student, facts: Facts, words: Words, staff: Sequence[tuple[User, Part]]
) -> Incident:
    incident = Incident(
        school_id=cast(UUID, by.school_id),  # whoever passed the permission check is at a school
        student=student,
        recorded_by=by,
        submission=token,
        recorded_at=timezone.now(),
        **asdict(facts),
    )
    incident.save(force_insert=True)
    named = {person.pk: part for person, part in reversed(staff)}
    IncidentStaff.objects.bulk_create(
        IncidentStaff(incident=incident, person_id=person, part=part) for person, part in named.items()
    )
    entry = _entry(by, incident, Kind.RECORDED, facts.started_at)
    entry.words = cipher_to_record(student.pk).seal(entry, "words", asdict(words))
    entry.save(force_insert=True)
    # Nothing of whom: whoever searches the record may not learn it there.
    record("force.recorded", by=by)
    return incident


def _entry(by: User, incident: Incident, kind: Kind, at: dt.datetime, how: str = "") -> IncidentEntry:
    return IncidentEntry(incident=incident, kind=kind, author=by, written_at=timezone.now(), happened_at=at, how=how)


@transaction.atomic
def add_entry(
    *, by: User, incident: Incident, kind: Kind, at: dt.datetime, words: dict[str, Any], how: str = "",
    token: UUID | None = None,
) -> IncidentEntry:  # fmt: skip
    """One thing more, for good: a correction, the letter, that parents have it, a talk, a review."""
    entry = _entry(by, incident, kind, at, how)
    entry.words = cipher_of_pupil(incident.student_id).seal(entry, "words", words)
    entry.save(force_insert=True)
    discard_draft(by=by, token=token)
    record(f"file.force_{kind.value}", by=by, obj=incident)
    return entry
