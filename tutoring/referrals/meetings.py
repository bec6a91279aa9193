"""Meetings about a student: writing one up with who came and what was decided, its next day, and those that are due.

A meeting is a conversation (`TutorSession`) with a `MeetingRecord`; its actions are next steps, so Today shows them.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission
from audit.services import record
from core.ids import UUID
from students.due import Lines
from students.models import Student
from tutoring.groups.falling import falls_to_me
from tutoring.groups.selectors import values_of
from tutoring.referrals.models import MeetingRecord
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import NextStep, TutorSession
from tutoring.sessions.selectors import sessions_with_details
from tutoring.sessions.services import Logged, Words, log_session, update_session

# Kinds at which several people sit together about one student.
MEETINGS = (Kind.AGENCY, Kind.MEETING, Kind.REVIEW)
# A week before, whoever wrote the last one up is told; once the next of its kind is written up, it is done.
DUE = f"""
SELECT 'meeting', m.session_id, coalesce(k.name, ''), m.student_id, m.next_on, '', t.author_id, 0
  FROM tutor_sessions_tutorsession t JOIN referrals_meetingrecord m ON m.session_id = t.id
  LEFT JOIN tutor_sessions_sessionkind k ON k.id = t.school_kind_id
 WHERE {falls_to_me("t.author_id", student="m.student_id", wanted=Permission.LOG_SESSION)}
   AND m.next_on <= %(today)s + 7
   AND NOT EXISTS (SELECT FROM tutor_sessions_tutorsession u JOIN referrals_meetingrecord n ON n.session_id = u.id
                    WHERE u.student_id = m.student_id AND u.kind = t.kind AND u.held_on > t.held_on)
"""  # noqa: S608 (our own text; values are parameters)


def meetings_readable() -> QuerySet[MeetingRecord]:
    """As private as their conversations: the database says which (migration 0004)."""
    return MeetingRecord.objects.select_related("session__author", "session__school_kind", "session__student__school")


def meetings_of_student(student: Student) -> list[MeetingRecord]:
    """Those about one student, the latest first, in one query."""
    return list(meetings_readable().filter(student=student).order_by("-session__held_on", "-session__created_at"))


def meeting_of(session: TutorSession) -> MeetingRecord | None:
    """The record of the meeting that this conversation was; asks nothing where it came with the conversation."""
    found: MeetingRecord | None = getattr(session, "meeting", None)
    return found


def words_of_meeting(meeting: MeetingRecord) -> list[str]:
    """Who was there and when it meets again: "2 came: Dele Example, Priya Shah", "next on 4 December 2026"."""
    again = meeting.next_on
    return [
        f"{len(meeting.came)} came: {', '.join(meeting.came)}" if meeting.came else "",
        f"next on {again.day} {again:%B %Y}" if again else "",
    ]


def sessions_with_meeting() -> QuerySet[TutorSession]:
    """The conversations of meetings, to be changed by whoever wrote them."""
    return sessions_with_details(TutorSession.objects.filter(meeting__isnull=False)).select_related(
        "meeting", "student__school"
    )


def open_actions(meeting: MeetingRecord) -> list[NextStep]:
    """What was to be done and is not."""
    return list(meeting.session.steps.filter(done_on=None).select_related("owner_staff", "student"))


def meetings_due(user: User, today: dt.date) -> list[Lines]:
    """The next meeting of what this person wrote up, or of what falls to them, from a week before on ("meeting")."""
    return [(DUE, values_of(user, today))]


@dataclass(frozen=True)
class Held:
    """What a meeting held: names as they were, what was decided, the day of the next."""

    came: list[str]
    apologies: list[str]
    minutes_to: list[str]
    decided: str
    minutes_words: str = ""
    next_on: dt.date | None = None

    @property
    def values(self) -> dict[str, Any]:
        return dict(vars(self))


@transaction.atomic
def write_meeting(*, by: User, student: Student, submission: UUID, words: Words, held: Held) -> Logged:
    """The conversation with its steps, and who was there, once per `submission`."""
    logged = log_session(by=by, student=student, submission=submission, words=words)
    if logged.created:
        meeting = MeetingRecord.objects.create(session=logged.session, student=student, **held.values)
        record("meeting.recorded", by=by, obj=meeting, student=str(student.pk), came=len(held.came))
    return logged


@transaction.atomic
def change_meeting(
    *, by: User, session: TutorSession, version: int, words: Words, held: Held, draft: UUID | None = None
) -> None:
    """The author's own, as long as it stands as it was when the form was opened; else StaleError."""
    update_session(by=by, session=session, version=version, words=words, draft=draft)
    meeting = MeetingRecord.objects.get(session=session)
    for name, value in held.values.items():
        setattr(meeting, name, value)
    meeting.save()
    record("meeting.changed", by=by, obj=meeting, student=str(meeting.student_id))


@transaction.atomic
def move_next_meeting(*, by: User, meeting: MeetingRecord, to: dt.date | None) -> None:
    """Another day for the next meeting, or none."""
    MeetingRecord.objects.filter(pk=meeting.pk, session__author=by).update(next_on=to)
    record("meeting.moved", by=by, obj=meeting, student=str(meeting.student_id))
