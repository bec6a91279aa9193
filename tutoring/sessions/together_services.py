"""One entry for several students, written down once: a row for each, with a note of their own where there is one."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation

from accounts.drafts import discard_draft
from accounts.models import User
from accounts.permissions import Permission
from audit.services import record
from core.ids import UUID
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.sessions.agreements import write_agreements
from tutoring.sessions.enums import FOR_SEVERAL, HOME_KINDS, Confidentiality, Kind
from tutoring.sessions.home import HomeWords, home_contact_of, keep_home_contact
from tutoring.sessions.models import NextStep, TutorSession
from tutoring.sessions.services import COMES_UP, Step, set_named, write_steps


@dataclass(frozen=True)
class Meeting:
    """What stands with everybody (the model's own fields), whom it concerns, and what is one student's alone.

    `notes_level`: who reads the lines about one alone; "" for whoever reads the entry of that student. `home`: who was
    reached at home, of each student of their own, where the kind reaches home. Each student gets the `steps` and what
    was `agreed` as rows of their own.
    """

    fields: dict[str, Any]
    there: list[Student]
    notes: dict[UUID, str] = field(default_factory=dict)
    notes_level: str = ""
    home: dict[UUID, HomeWords] = field(default_factory=dict)
    named_staff: list[User] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)

    @property
    def notes_apart(self) -> bool:
        """Whether fewer people read the lines than the text: then they cannot stand in the same row."""
        if self.notes_level == self.fields.get("confidentiality", Confidentiality.TEAM) == Confidentiality.NAMED:
            return bool(self.named_staff)  # those named read the text, and only the author the lines
        return self.notes_level not in ("", self.fields.get("confidentiality", Confidentiality.TEAM))


class SentBeforeError(Exception):
    """The same form came before, with other words or other students: what was saved stays, and nothing is added."""


@transaction.atomic
def log_together(*, by: User, submission: UUID, meeting: Meeting) -> list[TutorSession]:
    """An entry for each student it concerns, once per `submission` (the form's token); drops the draft.

    PermissionDenied where one of them is not a student with whom this person logs such a thing: then for nobody.
    SentBeforeError where the token stands for something else already.
    """
    _refuse_beyond_rights(by, meeting)
    saved = _saved(by, submission)
    if not saved:
        try:
            with transaction.atomic():
                return _log(by, submission, meeting)
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            saved = _saved(by, submission)
    if not _say_the_same(saved, meeting):
        raise SentBeforeError
    return saved


def _saved(by: User, submission: UUID) -> list[TutorSession]:
    entries = TutorSession.objects.filter(author=by, together=submission).select_related("home_contact")
    return list(entries.prefetch_related("steps", "agreements", "named_staff"))


def _say_the_same(saved: list[TutorSession], meeting: Meeting) -> bool:
    """Notes that stand apart are not looked for: whoever sends them again is asked."""
    if {entry.student_id for entry in saved} != {student.pk for student in meeting.there}:
        return False
    if meeting.notes_apart and any(meeting.notes.values()):
        return False
    said = {} if meeting.notes_apart else meeting.notes
    return all(
        entry.own_note == said.get(entry.student_id, "")
        and all(getattr(entry, name) == value for name, value in meeting.fields.items())
        and _same_home(entry, meeting.home.get(entry.student_id))
        and _same_rows(entry, meeting)
        for entry in saved
    )


def _same_home(entry: TutorSession, words: HomeWords | None) -> bool:
    kept = home_contact_of(entry)
    if words is None or kept is None:
        return words is None
    return all(getattr(kept, name) == value for name, value in words.fields.items())


def _same_rows(entry: TutorSession, meeting: Meeting) -> bool:
    named = set(meeting.named_staff) if entry.confidentiality == Confidentiality.NAMED else set()
    day = max(entry.held_on, timezone.localdate(entry.created_at)) + COMES_UP
    return (
        _told(entry.steps.all(), day) == _told(meeting.steps, day)
        and {agreement.text for agreement in entry.agreements.all()} == set(meeting.agreed)
        and set(entry.named_staff.all()) == named
    )


def _told(steps: Iterable[Step | NextStep], day: dt.date) -> Counter[tuple[object, ...]]:
    """All that each says; one without a day comes up on `day`, as `write_steps` has it."""
    return Counter((s.text, str(s.owner), s.owner_staff_id, s.owner_name, s.due_on or day) for s in steps)


def _log(by: User, submission: UUID, meeting: Meeting) -> list[TutorSession]:
    entries = TutorSession.objects.bulk_create(
        TutorSession(
            student=student,
            author=by,
            together=submission,
            submission=uuid.uuid5(submission, str(student.pk)),
            own_note="" if meeting.notes_apart else meeting.notes.get(student.pk, ""),
            **meeting.fields,
        )
        for student in meeting.there
    )
    if meeting.notes_apart:
        _write_notes_apart(by, submission, meeting)
    for entry in entries:
        if meeting.fields["kind"] in HOME_KINDS:
            keep_home_contact(entry, meeting.fields["kind"], meeting.home.get(entry.student_id))
        _write_rows(entry, meeting)
    discard_draft(by=by, token=submission)
    for entry in entries:
        record(
            "session.logged", by=by, obj=entry, student=str(entry.student_id), kind=meeting.fields["kind"],
            steps=len(meeting.steps),
        )  # fmt: skip
    return entries


def _write_rows(entry: TutorSession, meeting: Meeting) -> None:
    """Its readers, steps and agreements: of this student, though the words are the same for all."""
    if meeting.named_staff:
        set_named(entry, meeting.named_staff)
    if meeting.steps:
        write_steps(entry, meeting.steps)
    if meeting.agreed:
        write_agreements(entry, meeting.agreed)


def _refuse_beyond_rights(by: User, meeting: Meeting) -> None:
    wanted = {student.pk for student in meeting.there}
    kind = meeting.fields["kind"]
    if kind not in FOR_SEVERAL:
        raise PermissionDenied("This kind of conversation is with one student.")
    for permission in (Permission.LOG_SESSION, *[Permission.VIEW_FAMILY] * (kind in HOME_KINDS)):
        if students_visible_to(by, permission).filter(pk__in=wanted).count() != len(wanted):
            raise PermissionDenied("Such a thing is logged with one’s own students.")


def _write_notes_apart(by: User, submission: UUID, meeting: Meeting) -> None:
    """Each line as a quick note of its own: who reads a row the database decides for the row, so it needs one."""
    shared = {name: meeting.fields[name] for name in ("held_on", "place") if name in meeting.fields}
    notes = TutorSession.objects.bulk_create(
        TutorSession(
            student_id=student,
            author=by,
            submission=uuid.uuid5(submission, f"note {student}"),
            kind=Kind.NOTE,
            happened=text,
            confidentiality=meeting.notes_level,
            **shared,
        )
        for student, text in meeting.notes.items()
        if text
    )
    for note in notes:
        record("session.logged", by=by, obj=note, student=str(note.student_id), kind=Kind.NOTE, steps=0)
