"""Writing a handover, handing it over, taking it back, acknowledging it, and the copy on paper."""

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record
from core import pdf
from core.ids import UUID
from tutoring.handover.models import Handover
from tutoring.handover.selectors import may_acknowledge


class RefusedError(Exception):
    """No longer possible, or not for this person; the message says why, in words for them. Nothing was saved."""


@transaction.atomic
def keep_handover(*, by: User, handover: Handover, hand_over: bool, draft: UUID | None = None) -> Handover:
    """A handover whose words the form has checked, new or changed; `hand_over` gives it to the next tutor today.

    Raises IntegrityError where somebody else began one for the same student meanwhile.
    """
    new = handover._state.adding
    if hand_over:
        handover.handed_on = timezone.localdate()
    handover.save()
    discard_draft(by=by, token=draft)
    record("handover.begun" if new else "handover.changed", by=by, obj=handover)
    if hand_over:
        record("handover.given", by=by, obj=handover, to=str(handover.to_id or ""))
    return handover


@transaction.atomic
def take_back(*, by: User, handover: Handover) -> None:
    """Whoever wrote it may change it again, until it is acknowledged."""
    if handover.from_tutor_id != by.pk:
        raise RefusedError(f"{handover.from_tutor} wrote this, so only they can take it back.")
    if Handover.objects.filter(student=handover.student_id, handed_on=None).exists():
        raise RefusedError("Another handover is being written already. Finish that one first.")
    waiting = Handover.objects.filter(pk=handover.pk, acknowledged_on=None, handed_on__isnull=False)
    if not waiting.update(handed_on=None):
        raise RefusedError("It was acknowledged meanwhile, and stays as it is.")
    record("handover.taken_back", by=by, obj=handover)


@transaction.atomic
def acknowledge(*, by: User, handover: Handover, first_thing: str) -> None:
    """By the next tutor or whoever stands in for them, once; RefusedError otherwise."""
    today = timezone.localdate()
    if not may_acknowledge(by, handover, today):
        raise RefusedError("This handover is not yours to acknowledge, or it was acknowledged or taken back meanwhile.")
    waiting = Handover.objects.filter(pk=handover.pk, acknowledged_on=None, handed_on__isnull=False)
    named = {} if handover.to_id else {"to": by}
    if not waiting.update(acknowledged_on=today, acknowledged_by=by, first_thing=first_thing, **named):
        raise RefusedError("It was acknowledged or taken back meanwhile.")
    record("handover.acknowledged", by=by, obj=handover)


@transaction.atomic
def record_opening(handover: Handover, *, by: User) -> None:
    record("handover.opened", by=by, obj=handover)


@transaction.atomic
def copy_handover(*, by: User, handover: Handover) -> bytes:
    """One A4 page with the student's own words and nothing else; who made it is on the record first.

    Raises core.pdf.PdfUnavailableError where this machine cannot make PDFs.
    """
    context = {
        "handover": handover,
        "student": handover.student,
        "school": by.school,
        "by": by,
        "today": timezone.localdate(),
    }
    html = render_to_string("handover/handover_pdf.html", context)
    made = pdf.render(html, title="What works for me", sheet="pdf/agreed.css")
    record("handover.copied", by=by, obj=handover)
    return made
