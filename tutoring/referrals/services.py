"""Referring a student, keeping the history, handing over, closing; and the directory."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation

from accounts.drafts import discard_draft
from accounts.models import School, User
from accounts.permissions import Permission
from audit.services import record
from core.ids import UUID
from students.models import Student
from tutoring.groups.selectors import staff_who_see, students_of_caseload
from tutoring.referrals.enums import Consent, NoteKind, Status
from tutoring.referrals.models import Agency, AgencyContact, Referral, ReferralNote
from tutoring.referrals.selectors import may_hand_over, people_to_hold
from tutoring.referrals.usual import USUAL

# After how many days to ask again, where the one who notes a reply does not say.
ASK_AGAIN = {
    Status.ACKNOWLEDGED: dt.timedelta(days=14),
    Status.ACCEPTED: dt.timedelta(days=28),
    Status.WAITING: dt.timedelta(days=42),
}
AFTER_CHASING = dt.timedelta(days=7)


class ClosedError(Exception):
    """The referral was closed meanwhile; nothing was saved."""


@dataclass(frozen=True)
class Made:
    """The referral, and whether this call made it (False: the same form had arrived before)."""

    referral: Referral
    created: bool


@dataclass(frozen=True)
class Asked:
    """What the form of a new referral says."""

    agency: Agency
    key_person: User
    reason: str
    consent: Consent
    consent_words: str
    shared: str
    expected_by: dt.date


@transaction.atomic
def make_referral(*, by: User, student: Student, submission: UUID, asked: Asked) -> Made:
    """Send it today, once per `submission`; PermissionDenied for a key person who could not read it."""
    if not asked.agency.is_active or asked.agency.school_id != student.school_id:
        raise PermissionDenied("This agency is not in the directory.")
    _check_key_person(student, asked.key_person)
    try:
        with transaction.atomic():
            referral = Referral.objects.create(
                student=student, agency=asked.agency, referred_by=by, key_person=asked.key_person,
                submission=submission, reason=asked.reason, consent=asked.consent,
                consent_words=asked.consent_words, expected_by=asked.expected_by,
            )  # fmt: skip
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        sent_before = Referral.objects.filter(submission=submission, referred_by=by, student=student).first()
        if sent_before is None:  # the token belongs to something else
            return make_referral(by=by, student=student, submission=uuid.uuid4(), asked=asked)
        return Made(sent_before, created=False)
    _add(by, referral, uuid.uuid4(), NoteKind.SHARED, timezone.localdate(), asked.shared)
    discard_draft(by=by, token=submission)
    record("referral.made", by=by, obj=referral, agency=str(asked.agency.pk))
    return Made(referral, created=True)


def says_the_same(referral: Referral, asked: Asked) -> bool:
    """Whether a form that arrived again holds nothing but what was saved."""
    saved = (referral.agency_id, referral.reason, referral.consent, referral.consent_words)
    return saved == (asked.agency.pk, asked.reason, asked.consent, asked.consent_words)


@dataclass(frozen=True)
class Line:
    """A line of the history: what, on which day, in words; how it stands from then, the next reply expected by."""

    kind: NoteKind
    on: dt.date
    words: str = ""
    status: Status | None = None
    expected_by: dt.date | None = None


@transaction.atomic
def add_note(*, by: User, referral: Referral, submission: UUID, line: Line, draft: UUID | None = None) -> bool:
    """Add a line, once per `submission` (False: it was there). Raises ClosedError where the referral is closed."""
    row = _open(referral)
    if ReferralNote.objects.filter(submission=submission).exists():
        return False
    _add(by, row, submission, line.kind, line.on, line.words, line.status)
    row.status = line.status or row.status
    row.expected_by = line.expected_by or (row.expected_by if row.status == Status.SENT else None)
    row.save(update_fields=["status", "expected_by"])
    discard_draft(by=by, token=draft)
    record("referral.noted", by=by, obj=row, kind=line.kind, status=line.status or "")
    return True


def line_of_tap(what: str, today: dt.date) -> Line:
    """The line that one tap stands for: a reply by its status, or "chased". Raises ValueError for anything else."""
    if what == NoteKind.CHASED:
        return Line(NoteKind.CHASED, today, expected_by=today + AFTER_CHASING)
    status = Status(what)
    if status not in ASK_AGAIN:
        raise ValueError(what)
    return Line(NoteKind.REPLY, today, status=status, expected_by=today + ASK_AGAIN[status])


@transaction.atomic
def hand_over(*, by: User, referral: Referral, to: User) -> bool:
    """Another key person from now on; False where it is theirs already. PermissionDenied, ClosedError."""
    row = _open(referral)
    if not may_hand_over(by, row):
        raise PermissionDenied("Whoever refers this student, or made this referral, hands it over.")
    _check_key_person(row.student, to)
    if row.key_person_id == to.pk:
        return False
    _add(by, row, uuid.uuid4(), NoteKind.HANDED, timezone.localdate(), f"{row.key_person} → {to}")
    row.key_person = to
    row.save(update_fields=["key_person"])
    record("referral.handed", by=by, obj=row, to=str(to.pk))
    return True


@transaction.atomic
def close_referral(
    *, by: User, referral: Referral, status: Status, outcome: str, feedback: str, draft: UUID | None = None
) -> None:
    """To its end, today, with what came of it and what the referrer is told. Raises ClosedError if it was closed."""
    row, today = _open(referral), timezone.localdate()
    Referral.objects.filter(pk=row.pk).update(
        status=status, closed_on=today, closed_by=by, outcome=outcome, feedback=feedback, expected_by=None,
        feedback_seen_on=today if row.referred_by_id == by.pk else None,
    )  # fmt: skip
    discard_draft(by=by, token=draft)
    record("referral.closed", by=by, obj=row, status=status)


def record_telling(student: Student, *, by: User) -> None:
    """Somebody read on the student's story why they were referred, and what came of it."""
    record("referral.told", by=by, obj=student)


@transaction.atomic
def record_opening(referral: Referral, *, by: User) -> None:
    """On the record; whoever made it has then read the feedback, or, once they have left, the tutor of today."""
    record("referral.opened", by=by, obj=referral)
    if referral.waits_to_be_read and (referral.referred_by_id == by.pk or _fell_to(by, referral)):
        Referral.objects.filter(pk=referral.pk, feedback_seen_on=None).update(feedback_seen_on=timezone.localdate())


def _fell_to(user: User, referral: Referral) -> bool:
    left = not staff_who_see(referral.student, Permission.VIEW_REFERRAL).filter(pk=referral.referred_by_id).exists()
    return left and students_of_caseload(user).filter(pk=referral.student_id).exists()


def _open(referral: Referral) -> Referral:
    row = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
    if not row.is_open:
        raise ClosedError
    return row


def _add(
    by: User,
    referral: Referral,
    submission: UUID,
    kind: NoteKind,
    on: dt.date,
    words: str,
    status: Status | None = None,
) -> None:
    ReferralNote.objects.create(
        referral=referral, student_id=referral.student_id, by=by, submission=submission, kind=kind, on=on,
        words=words, status=status or "",
    )  # fmt: skip


def _check_key_person(student: Student, person: User) -> None:
    if not people_to_hold(student).filter(pk=person.pk).exists():
        raise PermissionDenied("This colleague may not read referrals of this student.")


@transaction.atomic
def keep_usual_agencies(*, by: User, school: School) -> int:
    """The usual list as the school's own, to change as it likes; nothing where its directory holds something."""
    if Agency.objects.filter(school=school).exists():
        return 0
    rows = Agency.objects.bulk_create(
        Agency(school=school, place=place, name=name, helps_with=helps, eligible=eligible, how_to_refer=how)
        for place, name, helps, eligible, how in USUAL
    )
    record("agencies.kept", by=by, obj=school)
    return len(rows)


@transaction.atomic
def save_agency(*, by: User, agency: Agency) -> Agency:
    """An entry of the directory, new or changed."""
    agency.save()
    record("agency.saved", by=by, obj=agency)
    return agency


@transaction.atomic
def save_contact(*, by: User, contact: AgencyContact) -> AgencyContact:
    """A named person at an agency, new or changed."""
    contact.save()
    record("agency_contact.saved", by=by, obj=contact)
    return contact
