"""One meeting with several students, written down once: an entry for each, with words of their own where there are."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.drafts import discard_draft
from accounts.models import User
from accounts.permissions import Permission
from audit.services import record
from core.ids import UUID
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.sessions.models import TutorSession


@dataclass(frozen=True)
class Meeting:
    """What stands with everybody (the model's own fields), who was there, and what is one student's alone."""

    fields: dict[str, Any]
    there: list[Student]
    notes: dict[UUID, str] = field(default_factory=dict)


@transaction.atomic
def log_together(*, by: User, submission: UUID, meeting: Meeting) -> list[TutorSession]:
    """An entry for each student who was there, once per `submission` (the form's token); drops the draft.

    PermissionDenied where one of them is not a student this person logs sessions with: then for nobody.
    """
    wanted = {student.pk for student in meeting.there}
    if students_visible_to(by, Permission.LOG_SESSION).filter(pk__in=wanted).count() != len(wanted):
        raise PermissionDenied("Sessions are logged with one’s own students.")
    saved = list(TutorSession.objects.filter(author=by, together=submission))
    if saved:
        return saved
    entries = TutorSession.objects.bulk_create(
        TutorSession(
            student=student,
            author=by,
            together=submission,
            submission=uuid.uuid5(submission, str(student.pk)),
            **meeting.fields | {"happened": _words(meeting, student)},
        )
        for student in meeting.there
    )
    discard_draft(by=by, token=submission)
    for entry in entries:
        record("session.logged", by=by, obj=entry, student=str(entry.student_id), kind=meeting.fields["kind"], steps=0)
    return entries


def _words(meeting: Meeting, student: Student) -> str:
    own = meeting.notes.get(student.pk, "")
    return "\n\n".join(part for part in (meeting.fields["happened"], own) if part)
