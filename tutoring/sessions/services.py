"""Writing down a conversation, changing it, and following the steps agreed in it."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from psycopg.errors import UniqueViolation

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record, record_each
from core.ids import UUID
from students.models import Student
from tutoring.sessions.agreements import write_agreements
from tutoring.sessions.enums import Confidentiality, Kind, Owner
from tutoring.sessions.home import HomeWords, home_contact_of, keep_home_contact
from tutoring.sessions.models import Entitlement, Exemption, NextStep, SessionKind, TutorSession
from tutoring.sessions.rights import log_rights

# A step for which no day was agreed comes up after this time: nothing open is forgotten.
COMES_UP = dt.timedelta(days=14)


class StaleError(Exception):
    """Somebody (or another tab) changed the session after this text was begun; nothing was saved."""


@dataclass(frozen=True)
class Step:
    """One next step as agreed; `pk` where it stands already."""

    text: str
    owner: str = Owner.STUDENT
    owner_staff: User | None = None
    due_on: dt.date | None = None
    pk: UUID | None = None
    owner_name: str = ""

    @property
    def owner_staff_id(self) -> UUID | None:
        """As a saved step has it."""
        return self.owner_staff.pk if self.owner_staff else None


@dataclass(frozen=True)
class Words:
    """What a session says: the model's own fields, the people named, steps and agreements in their order."""

    fields: dict[str, Any]
    named_staff: list[User] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)
    # None where whoever writes was not asked.
    home: HomeWords | None = None

    @property
    def kind(self) -> str:
        """What it is: the school's kind says so where there is one, as the database does."""
        named = self.fields.get("school_kind")
        return str(named.kind if named else self.fields.get("kind", Kind.ONE_TO_ONE))


@dataclass(frozen=True)
class Logged:
    """The session, and whether this call made it (False: the same form had arrived before)."""

    session: TutorSession
    created: bool


@transaction.atomic
def log_session(*, by: User, student: Student, submission: UUID, words: Words) -> Logged:
    """Save a session once per `submission` (the form's token) and drop its draft, all or nothing.

    PermissionDenied where it would reach the family through somebody who may not.
    """
    _refuse_beyond_rights(by, student, words)
    try:
        with transaction.atomic():
            session = TutorSession.objects.create(student=student, author=by, submission=submission, **words.fields)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        return _sent_before(by, student, submission, words)
    set_named(session, words.named_staff)
    write_steps(session, words.steps)
    write_agreements(session, words.agreed)
    keep_home_contact(session, words.kind, words.home)
    discard_draft(by=by, token=submission)
    record("session.logged", by=by, obj=session, student=str(student.pk), kind=words.kind, steps=len(words.steps))
    return Logged(session, created=True)


def _refuse_beyond_rights(by: User, student: Student, words: Words, saved: TutorSession | None = None) -> None:
    kind, for_report = words.kind, words.fields.get("for_report", False)
    if not log_rights(by, student, saved).allow(kind, for_report=for_report):
        raise PermissionDenied("This kind of conversation, or its words on the report, is not for this role.")


def _sent_before(by: User, student: Student, submission: UUID, words: Words) -> Logged:
    """The session this form made before; a token that belongs to something else gets a new one instead."""
    session = TutorSession.objects.filter(submission=submission, author=by, student=student).first()
    if session is None:
        return log_session(by=by, student=student, submission=uuid.uuid4(), words=words)
    return Logged(session, created=False)


def says_the_same(session: TutorSession, words: Words) -> bool:
    """Whether a form that arrived again holds nothing but what was saved."""
    if any(getattr(session, name) != value for name, value in words.fields.items()):
        return False
    if {a.text for a in session.agreements.all()} != set(words.agreed):
        return False
    home = home_contact_of(session)
    if home and words.home and any(getattr(home, name) != value for name, value in words.home.fields.items()):
        return False
    return sorted(step.text for step in session.steps.all()) == sorted(step.text for step in words.steps)


@transaction.atomic
def update_session(*, by: User, session: TutorSession, version: int, words: Words, draft: UUID | None = None) -> None:
    """Change the author's own session if it still stands as it was when the form was opened; else StaleError.

    `draft` is the token of the draft this text came from; it goes in the same transaction.
    """
    mine = TutorSession.objects.filter(pk=session.pk, author=by, version=version)
    # As it stands: the form has written its fields into `session` already.
    saved = TutorSession.objects.filter(pk=session.pk).first()
    _refuse_beyond_rights(by, session.student, words, saved)
    if not mine.update(**words.fields, version=F("version") + 1, updated_at=timezone.now()):
        raise StaleError
    session.refresh_from_db()
    set_named(session, words.named_staff)
    write_steps(session, words.steps)
    write_agreements(session, words.agreed)
    keep_home_contact(session, words.kind, words.home)
    discard_draft(by=by, token=draft)
    record("session.changed", by=by, obj=session, student=str(session.student_id), version=session.version)


def record_opening(session: TutorSession, *, by: User) -> None:
    """One conversation was opened on a page of its own."""
    record("session.opened", by=by, obj=session, limited=_is_limited(session))


def record_reading(sessions: Iterable[TutorSession], *, by: User) -> None:
    """These stood on a list or in a story: of those for named people only, somebody else's reading is on the record."""
    secret = [session for session in sessions if _is_limited(session) and session.author_id != by.pk]
    if secret:
        record_each("session.read", by=by, objs=secret, limited=True)


def _is_limited(session: TutorSession) -> bool:
    return bool(session.confidentiality == Confidentiality.NAMED)


def set_named(session: TutorSession, named: Iterable[User]) -> None:
    """Who reads it, where it is for named people; anybody named otherwise is named no more."""
    session.named_staff.set(named if _is_limited(session) else [])


def write_steps(session: TutorSession, steps: Iterable[Step]) -> None:
    """New ones are added, known ones changed, left-out ones removed unless they were done."""
    steps = list(steps)
    known = {step.pk for step in steps if step.pk}
    session.steps.filter(done_on__isnull=True).exclude(pk__in=known).delete()
    saved = {step.pk: step for step in session.steps.filter(pk__in=known)}
    day = max(session.held_on, timezone.localdate()) + COMES_UP
    for step in steps:
        if step.pk in saved:
            due_on = step.due_on or saved[step.pk].due_on or day
            session.steps.filter(pk=step.pk).update(**_values(step), **_new_day(saved[step.pk], due_on))
    added = [step for step in steps if not step.pk]
    NextStep.objects.bulk_create(
        NextStep(session=session, student_id=session.student_id, due_on=step.due_on or day, **_values(step))
        for step in added
    )


def _values(step: Step) -> dict[str, Any]:
    names = ("text", "owner", "owner_staff", "owner_name")
    return {name: getattr(step, name) for name in names}


def _new_day(step: NextStep, due_on: dt.date) -> dict[str, Any]:
    moved = step.due_on not in (None, due_on)
    return {"due_on": due_on} | ({"times_moved": F("times_moved") + 1} if moved else {})


@transaction.atomic
def finish_step(*, by: User, step: NextStep) -> None:
    """Tick a step off today; ticking twice keeps the first day."""
    if NextStep.objects.filter(pk=step.pk, done_on__isnull=True).update(done_on=timezone.localdate()):
        record("step.done", by=by, obj=step, student=str(step.student_id))
    step.refresh_from_db()


@transaction.atomic
def reopen_step(*, by: User, step: NextStep) -> None:
    """Undo the tick."""
    if NextStep.objects.filter(pk=step.pk, done_on__isnull=False).update(done_on=None):
        record("step.reopened", by=by, obj=step, student=str(step.student_id))
    step.refresh_from_db()


@transaction.atomic
def update_step(*, by: User, step: NextStep, outcome: str, due_on: dt.date) -> None:
    """Say how it is going, and move its day, which is counted."""
    moved = step.due_on != due_on
    NextStep.objects.filter(pk=step.pk).update(outcome=outcome, **_new_day(step, due_on))
    record("step.changed", by=by, obj=step, student=str(step.student_id), moved=moved)
    step.refresh_from_db()


@transaction.atomic
def save_kind(*, kind: SessionKind, by: User) -> SessionKind:
    """Keep a new or changed kind of conversation that the form has checked."""
    kind.save()
    record("session_kind.saved", by=by, obj=kind, name=kind.name, counts=kind.counts, in_use=kind.is_active)
    return kind


@transaction.atomic
def save_entitlement(*, rule: Entitlement, by: User) -> Entitlement:
    """Keep the school's rule."""
    rule.save()
    record("entitlement.saved", by=by, obj=rule, per_term=rule.per_term, exempt_years=rule.exempt_years)
    return rule


@transaction.atomic
def exempt_student(*, exemption: Exemption, by: User) -> Exemption:
    """Leave a student out of the rule, or say differently why and until when."""
    exemption.save()
    record("student.exempted", by=by, obj=exemption, student=str(exemption.student_id))
    return exemption


@transaction.atomic
def lift_exemption(*, student: Student, by: User) -> None:
    """The rule holds for this student again."""
    removed, _ = Exemption.objects.filter(student=student).delete()
    if removed:
        record("student.entitled", by=by, obj=student, student=str(student.pk))
