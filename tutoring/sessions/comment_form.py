"""The page of comments: one box a student, the facts beside it, one draft for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse

from accounts import drafts
from accounts.models import User
from core.ids import UUID
from core.stale import mark_of
from students.models import Student, Term
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import students_of_groups
from tutoring.progress.comments_hints import hints
from tutoring.progress.comments_services import Written
from tutoring.progress.models import TermComment
from tutoring.sessions.comment_facts import Facts, comment_texts, facts_by_student

LONGEST = TermComment._meta.get_field("text").max_length or 2000


class CommentsForm(forms.Form):
    """A box `comment-<student id>` for each student, and the mark of the text it was opened with."""

    def __init__(
        self, data: QueryDict | None, *, students: Sequence[Student], texts: dict[UUID, str], typed: drafts.Fields
    ):
        super().__init__(data)
        self.students = students
        for student in students:
            name, opened = f"comment-{student.pk}", f"opened-{student.pk}"
            saved = texts.get(student.pk, "")
            widget = forms.Textarea(attrs={"rows": 4, "data-counts": LONGEST} | _looked_at_while_typing(student))
            self.fields[name] = forms.CharField(
                label=f"Comment on {student.name}", required=False, max_length=LONGEST, widget=widget
            )
            self.fields[opened] = forms.CharField(required=False, widget=forms.HiddenInput)
            self.initial[name] = (typed.get(name) or [saved])[0]
            self.initial[opened] = (typed.get(opened) or [mark_of(saved)])[0]

    def written(self) -> list[Written]:
        """What the service saves; lines end as in the database."""
        return [
            Written(
                student, _plain(self.cleaned_data[f"comment-{student.pk}"]), self.cleaned_data[f"opened-{student.pk}"]
            )
            for student in self.students
        ]


@dataclass(frozen=True)
class Row:
    """One student on the page; `theirs` is what a colleague saved meanwhile."""

    student: Student
    box: forms.BoundField
    opened: forms.BoundField
    facts: Facts
    hints: list[str]
    theirs: str | None = None


@dataclass
class CommentPage:
    """All that the template needs."""

    term: Term
    draft: drafts.OpenForm
    form: CommentsForm
    rows: list[Row] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """Boxes without a word in them."""
        return sum(not str(row.box.value() or "").strip() for row in self.rows)

    @property
    def save_url(self) -> str:
        return reverse("accounts:draft-save", args=[self.draft.form])


def _looked_at_while_typing(student: Student) -> dict[str, str]:
    """After a pause in the typing this one text is looked at; the other boxes stay where they are."""
    return {
        "hx-post": reverse("tutor_sessions:comment-check", args=[student.pk]),
        "hx-trigger": "input changed delay:600ms",
        "hx-params": f"csrfmiddlewaretoken,comment-{student.pk}",
        "hx-target": f"#hints-{student.pk}",
    }


def hints_on(student: Student, text: str) -> list[str]:
    """Advice on one text as it is typed, by the names of those in the group of today (`students_with_group`)."""
    group = TutorGroup.objects.filter(pk=student.group_id)  # type: ignore[attr-defined]
    names = students_of_groups(group).values_list("preferred_forename", flat=True)
    return hints(text[:LONGEST], student.preferred_forename, names)


def build_comment_page(
    user: User,
    key: str,
    students: Sequence[Student],
    term: Term,
    *,
    token: str | None = None,
    data: QueryDict | None = None,
    conflicts: dict[UUID, str] | None = None,
) -> CommentPage:
    """The boxes with saved texts, with a draft over them, or as sent; `conflicts`: student id → colleague's text."""
    draft = drafts.reopen_form(user, key, data) if data else drafts.open_form(user, key, drafts.token_from(token))
    form = CommentsForm(
        _agreed(data, conflicts), students=students, texts=comment_texts(students, term), typed=draft.fields
    )
    facts = facts_by_student(user, students, term)
    names = [student.preferred_forename for student in students]
    rows = [_row(form, student, facts[student.pk], names, (conflicts or {}).get(student.pk)) for student in students]
    return CommentPage(term, draft, form, rows)


def _row(form: CommentsForm, student: Student, facts: Facts, names: list[str], theirs: str | None) -> Row:
    box = form[f"comment-{student.pk}"]
    advice = hints(str(box.value() or ""), student.preferred_forename, names)
    return Row(student, box, form[f"opened-{student.pk}"], facts, advice, theirs)


def _agreed(data: QueryDict | None, conflicts: dict[UUID, str] | None) -> Any:
    """After a conflict the box is opened anew on the colleague's text, so that saving again is a choice."""
    if not data or not conflicts:
        return data
    renewed = data.copy()
    for key, theirs in conflicts.items():
        renewed[f"opened-{key}"] = mark_of(theirs)
    return renewed


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
