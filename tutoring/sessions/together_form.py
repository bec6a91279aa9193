"""The form of a meeting with several students: what was done, who was there, and a line about one alone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts import drafts
from accounts.enums import Role
from accounts.models import School, User
from students.models import Student
from tutoring.sessions.enums import GROUP_KINDS, Confidentiality, Kind
from tutoring.sessions.models import SessionKind, TutorSession
from tutoring.sessions.selectors import kinds_in_use
from tutoring.sessions.steps import DayInput
from tutoring.sessions.together_services import Meeting

FOR_SEVERAL = GROUP_KINDS | {Kind.NOTE}


class TogetherForm(forms.ModelForm):  # type: ignore[type-arg]
    """What stands with everybody, and for each student a tick `there-<id>` and a line `note-<id>`."""

    kind = forms.ModelChoiceField(queryset=SessionKind.objects.none(), empty_label=None, label="Kind")

    class Meta:
        model = TutorSession
        fields = ("happened", "held_on", "minutes", "place", "confidentiality")
        labels = {"happened": "What you did together", "held_on": "Day", "confidentiality": "Who can read this"}
        widgets = {"happened": forms.Textarea(attrs={"rows": 3}), "held_on": DayInput}
        error_messages = {"happened": {"required": "Write a line about what you did."}}

    def __init__(
        self, data: QueryDict | None, *, school: School, students: Sequence[Student], typed: drafts.Fields
    ) -> None:
        super().__init__(data, initial={name: values[0] for name, values in typed.items() if values})
        self.students = students
        kind: Any = self.fields["kind"]
        kind.queryset = kinds_in_use(school).filter(kind__in=FOR_SEVERAL)
        self.initial.setdefault("kind", next((k.pk for k in kind.queryset if k.kind in GROUP_KINDS), None))
        level: Any = self.fields["confidentiality"]
        levels = Confidentiality.levels(school.called[Role.TUTOR])
        level.choices = [choice for choice in levels if choice[0] != Confidentiality.NAMED]
        for student in students:
            self.fields[f"there-{student.pk}"] = forms.BooleanField(
                label=student.name, required=False, initial=not typed or f"there-{student.pk}" in typed
            )
            self.fields[f"note-{student.pk}"] = forms.CharField(
                label=f"About {student.name} alone", required=False, max_length=500
            )
        for name, shown in self.fields.items():
            if name.startswith("there-"):
                shown.widget.attrs["class"] = "form-check-input"
            else:
                shown.widget.attrs["class"] = "form-select" if isinstance(shown, forms.ChoiceField) else "form-control"

    @property
    def rows(self) -> list[tuple[Student, forms.BoundField, forms.BoundField]]:
        """Each student with the tick and the line."""
        return [(student, self[f"there-{student.pk}"], self[f"note-{student.pk}"]) for student in self.students]

    def clean_held_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(f"there-{student.pk}") for student in self.students):
            self.add_error(None, "Tick who was there.")
        for student in self.students:
            if cleaned.get(f"note-{student.pk}") and not cleaned.get(f"there-{student.pk}"):
                self.add_error(f"note-{student.pk}", f"Tick {student.preferred_forename} too, or take the line away.")
        return cleaned

    def meeting(self) -> Meeting:
        """What the service saves, after the form was found valid."""
        said = self.cleaned_data
        fields = {name: said[name] for name in self.Meta.fields}
        fields |= {"school_kind": said["kind"], "kind": said["kind"].kind}
        there = [student for student in self.students if said[f"there-{student.pk}"]]
        return Meeting(fields, there, {student.pk: said[f"note-{student.pk}"] for student in there})


@dataclass(frozen=True)
class TogetherPage:
    """What the template needs of the form and its draft."""

    draft: drafts.OpenForm
    form: TogetherForm

    @property
    def save_url(self) -> str:
        return reverse("accounts:draft-save", args=[self.draft.form])


def build_together_page(
    user: User, school: School, key: str, students: Sequence[Student], token: str | None, data: QueryDict | None
) -> TogetherPage:
    """The form, empty, with its draft, or as it was sent."""
    draft = drafts.reopen_form(user, key, data) if data else drafts.open_form(user, key, drafts.token_from(token))
    return TogetherPage(draft, TogetherForm(data, school=school, students=students, typed=draft.fields))
