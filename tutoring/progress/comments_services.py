"""Saving the tutor's comments of a term, many at once, without overwriting what a colleague wrote meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record
from core.ids import UUID
from core.stale import mark_of
from core.turns import take_turn
from students.models import Student, Term
from tutoring.progress.models import TermComment


@dataclass(frozen=True)
class Written:
    """One box of the page: its text now, and the mark of the text it was opened with (`mark_of`)."""

    student: Student
    text: str
    opened_with: str


@dataclass
class Outcome:
    """How many comments changed, and student id → the text a colleague saved meanwhile (that one was left alone)."""

    saved: int = 0
    conflicts: dict[UUID, str] = field(default_factory=dict)


@transaction.atomic
def save_comments(*, by: User, term: Term, written: Iterable[Written], draft: UUID | None = None) -> Outcome:
    """Save the changed boxes; an emptied box removes its comment. The draft goes unless something conflicts."""
    boxes = list(written)
    take_turn(f"comments of term {term.pk}")
    rows = TermComment.objects.filter(term=term, student__in=[box.student for box in boxes])
    stored = {row.student_id: row for row in rows}
    outcome = Outcome()
    for box in boxes:
        _save_box(by, term, box, stored.get(box.student.pk), outcome)
    if outcome.saved:
        record("comments.saved", by=by, obj=term, comments=outcome.saved)
    if not outcome.conflicts:
        discard_draft(by=by, token=draft)
    return outcome


def _save_box(by: User, term: Term, box: Written, row: TermComment | None, outcome: Outcome) -> None:
    before = row.text if row else ""
    untouched = mark_of(box.text) == box.opened_with
    if box.text == before or untouched:
        return
    if mark_of(before) != box.opened_with:
        outcome.conflicts[box.student.pk] = before
        return
    if row and not box.text:
        row.delete()
    elif row:
        row.text, row.author = box.text, by
        row.save(update_fields=["text", "author", "updated_at"])
    else:
        TermComment.objects.create(student=box.student, term=term, author=by, text=box.text)
    outcome.saved += 1
