"""Issuing a warning, what the student says to it, an appeal and its outcome, and the letter."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as date_text
from psycopg.errors import UniqueViolation

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record
from core import pdf
from core.ids import UUID
from core.stale import mark_of
from students.models import Student
from tutoring.followup.enums import Appeal
from tutoring.followup.models import Warning, WarningStage
from tutoring.followup.selectors import may_issue


class RefusedError(Exception):
    """Not for this person, or no longer possible; the message says why, in words for them. Nothing was saved."""


@dataclass(frozen=True)
class Issued:
    """The warning, and whether this call made it (False: the same form had arrived before)."""

    warning: Warning
    created: bool


@transaction.atomic
def issue_warning(
    *, by: User, student: Student, stage: WarningStage, submission: UUID, reason: str, response: str, issued_on: dt.date
) -> Issued:
    """Give a student a stage, once per `submission`; RefusedError where this person may not issue that one."""
    if stage.school_id != student.school_id or stage.pk not in may_issue(by, student, [stage]):
        raise RefusedError(f"{stage}: issued by {stage.role_names}. Ask one of them, or choose another stage.")
    try:
        with transaction.atomic():
            warning = Warning.objects.create(
                student=student,
                stage=stage,
                issued_by=by,
                submission=submission,
                issued_on=issued_on,
                expires_on=stage.last_day(issued_on),
                reason=reason,
                student_response=response,
            )
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        sent_before = Warning.objects.filter(submission=submission, issued_by=by, student=student).first()
        if sent_before is None:  # the token belongs to something else
            return issue_warning(
                by=by, student=student, stage=stage, submission=uuid.uuid4(), reason=reason, response=response,
                issued_on=issued_on,
            )  # fmt: skip
        return Issued(sent_before, created=False)
    discard_draft(by=by, token=submission)
    record("warning.issued", by=by, obj=warning, stage=str(stage.pk))
    return Issued(warning, created=True)


def says_the_same(warning: Warning, stage: WarningStage, reason: str, response: str) -> bool:
    """Whether a form that arrived again holds nothing but what was saved."""
    return (warning.stage_id, warning.reason, warning.student_response) == (stage.pk, reason, response)


@transaction.atomic
def keep_response(*, by: User, warning: Warning, was: str, words: str, draft: UUID | None = None) -> None:
    """What the student says to it. `was`: mark of the words the form was opened with; else RefusedError."""
    row = Warning.objects.select_for_update(no_key=True).get(pk=warning.pk)
    if mark_of(row.student_response) != was:
        raise RefusedError(
            "Somebody else wrote here meanwhile, so nothing was saved yet. It now says – "
            f"“{row.student_response}”. Your own words are still below: bring the two together, then save again."
        )
    Warning.objects.filter(pk=warning.pk).update(student_response=words)
    discard_draft(by=by, token=draft)
    record("warning.answered", by=by, obj=warning)


@transaction.atomic
def ask_appeal(*, by: User, warning: Warning, words: str, draft: UUID | None = None) -> None:
    """The student or home appeals, today, while the warning is in force; RefusedError otherwise."""
    if not warning.may_be_appealed:
        raise RefusedError("An appeal was recorded already, or the warning is no longer in force.")
    changed = Warning.objects.filter(pk=warning.pk, appeal=Appeal.NONE).update(
        appeal=Appeal.ASKED, appealed_on=timezone.localdate(), appeal_words=words
    )
    if not changed:
        raise RefusedError("An appeal was recorded meanwhile.")
    discard_draft(by=by, token=draft)
    record("warning.appealed", by=by, obj=warning)


@transaction.atomic
def decide_appeal(*, by: User, warning: Warning, lift: bool, words: str, draft: UUID | None = None) -> None:
    """The warning stands or is lifted, from today; never by whoever issued it."""
    if warning.issued_by_id == by.pk:
        raise RefusedError("You issued this warning, so somebody else decides the appeal.")
    changed = Warning.objects.filter(pk=warning.pk, appeal=Appeal.ASKED).update(
        appeal=Appeal.LIFTED if lift else Appeal.STANDS,
        decided_on=timezone.localdate(),
        decided_by=by,
        decision_words=words,
    )
    if not changed:
        raise RefusedError("No appeal waits for an answer: it was decided meanwhile.")
    discard_draft(by=by, token=draft)
    record("warning.decided", by=by, obj=warning, lifted=lift)


@transaction.atomic
def record_opening(warning: Warning, *, by: User) -> None:
    record("warning.opened", by=by, obj=warning)


def letter_paragraphs(warning: Warning) -> list[str]:
    """The stage's letter with its gaps filled. Replaced, not formatted: what a school writes is never run."""
    gaps = {
        "{name}": warning.student.name,
        "{stage}": _in_a_sentence(str(warning.stage)),
        "{reason}": warning.reason,
        "{until}": date_text(warning.expires_on, "j F Y"),
    }
    return [_filled(line, gaps) for line in warning.stage.letter.splitlines() if line.strip()]


def _in_a_sentence(name: str) -> str:
    """ "Final warning" → "final warning", as it stands in the middle of one; other capitals stay."""
    return name[:1].lower() + name[1:] if name[1:].islower() else name


def _filled(line: str, gaps: dict[str, str]) -> str:
    """Each gap once, from left to right, so that braces in what a tutor wrote stay as written."""
    found = [(line.index(gap), gap) for gap in gaps if gap in line]
    if not found:
        return line
    _, gap = min(found)
    before, _, after = line.partition(gap)
    return before + gaps[gap] + _filled(after, gaps)


@transaction.atomic
def make_letter(*, by: User, warning: Warning) -> bytes:
    """One A4 letter (PDF); who made it is on the record before anybody has it.

    Raises core.pdf.PdfUnavailableError where this machine cannot make PDFs, PermissionDenied where it is lifted.
    """
    if warning.is_lifted:
        raise PermissionDenied("This warning was lifted; there is no letter of it.")
    context = {
        "warning": warning,
        "student": warning.student,
        "school": warning.student.school,
        "paragraphs": letter_paragraphs(warning),
        "today": timezone.localdate(),
    }
    html = render_to_string("followup/letter_pdf.html", context)
    made = pdf.render(html, title=str(warning.stage), sheet="pdf/letter.css")
    record("warning.letter", by=by, obj=warning)
    return made


@transaction.atomic
def save_stage(*, by: User, stage: WarningStage) -> WarningStage:
    """A stage of the school's ladder, new or changed."""
    stage.save()
    record("warning_stage.saved", by=by, obj=stage)
    return stage
