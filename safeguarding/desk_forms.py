"""What is written and decided on the safeguarding desk."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from accounts.drafts import OpenForm
from accounts.models import User
from safeguarding.attachments import FilesField, ask_for_files_again
from safeguarding.enums import Kind, Level, Part, Step
from safeguarding.forms import TICK, line, text_box
from safeguarding.rooms import Still
from students.models import Student

MOST_AHEAD = dt.timedelta(days=366)
SELECT = {"class": "form-select"}
DAY = {"type": "date", "class": "form-control"}
# What somebody writes by hand; the rest comes of what they do.
WRITTEN = [Kind.NOTE, Kind.CHILD, Kind.PARENTS, Kind.CONTACT, Kind.DECISION, Kind.CLOSED]
WHAT_TO_WRITE = {
    Kind.NOTE: "What was found out or done, and by whom.",
    Kind.CHILD: "What the child says, feels and wants to happen: in their words. Not what they were told.",
    Kind.PARENTS: "Who was told what, and what they said. If they were not told, why not: more danger for the child, a"
    " police enquiry, forced marriage, FGM …",
    Kind.CONTACT: "With whom you spoke or wrote, what was said, what was shared and why.",
    Kind.DECISION: "Why this and not something else. What would make you decide otherwise?",
    Kind.CLOSED: "How it was followed up and resolved, what came of it for the child, and when somebody looks again.",
}


class EntryForm(forms.Form):
    """One thing for the file. A decision says what follows; it is asked for nowhere else."""

    kind = forms.ChoiceField(
        label="What it is", choices=[(k.value, k.label) for k in WRITTEN], widget=forms.Select(attrs=SELECT)
    )
    text = text_box("What you write", rows=8, required=True, error_messages={"required": "Write what there is to say."})
    happened_on = forms.DateField(label="Day", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    step = forms.ChoiceField(
        label="Next step, for a decision", required=False, choices=[("", "Choose"), *Step.choices],
        widget=forms.Select(attrs=SELECT),
    )  # fmt: skip
    due_on = forms.DateField(label="By", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    significant = forms.BooleanField(
        label="Stands out in the chronology", required=False, widget=forms.CheckboxInput(attrs=TICK)
    )
    attached = FilesField()
    all_the_same = forms.BooleanField(
        label="Close it all the same: what is still due stays on the desk, and the file says that it was open",
        required=False, widget=forms.CheckboxInput(attrs=TICK),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, draft: OpenForm, kind: str, still: Sequence[Still] = ()
    ) -> None:  # fmt: skip
        self.still = still
        typed = {name: values[0] for name, values in draft.fields.items() if values}
        super().__init__(data, files, initial={"kind": kind, "happened_on": timezone.localdate().isoformat()} | typed)

    def clean_happened_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("A day until today.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == Kind.DECISION and not cleaned.get("step"):
            self.add_error("step", "Choose what follows, or write a note instead.")
        elif cleaned.get("kind") != Kind.DECISION and (cleaned.get("step") or cleaned.get("due_on")):
            self.add_error("step", "Only a decision says what follows: choose it above, or take step and day out.")
        if cleaned.get("kind") == Kind.CLOSED and self.still and not cleaned.get("all_the_same"):
            self.add_error("all_the_same", "Something is still due: see to it first, or close it all the same.")
        _check_due(self, cleaned)
        ask_for_files_again(self)
        return cleaned


class StepForm(forms.Form):
    """The next step in one go, with the reason in a line."""

    step = forms.ChoiceField(
        label="Next step", choices=[("", "Choose"), *Step.choices], widget=forms.Select(attrs=SELECT)
    )
    why = line("Why")
    due_on = forms.DateField(label="By", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["why"].required = True
        self.fields["why"].error_messages["required"] = "Say why: a decision stands on the file with its reason."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        _check_due(self, cleaned)
        return cleaned


def _check_due(form: forms.Form, cleaned: dict[str, Any]) -> None:
    due, today = cleaned.get("due_on"), timezone.localdate()
    if due and not today <= due <= today + MOST_AHEAD:
        form.add_error("due_on", "From today on, within a year.")


class LevelForm(forms.Form):
    level = forms.ChoiceField(choices=Level.choices)


class OwnerForm(forms.Form):
    """Who has it in hand: somebody who may read it."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label="In the hands of", empty_label=None, widget=forms.Select(attrs=SELECT)
    )

    def __init__(self, data: Any = None, *, people: list[User], now: User | None = None) -> None:
        super().__init__(data, initial={"owner": now.pk if now else None})
        field: Any = self.fields["owner"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        # Whoever had it may have been kept from it since.
        nobody = [] if data or (now and now in people) else [("", "Nobody has it")]
        field.choices = [*nobody, *((person.pk, str(person)) for person in people)]


class SentenceForm(forms.Form):
    """What whoever raised it may know."""

    sentence = line(
        "A sentence for whoever raised it",
        help_text="They see this and how far it has come, nothing else. Thank them; say what they can do.",
    )


class LinkForm(forms.Form):
    """A child, and what they have to do with it."""

    child = line("Child")
    part = forms.ChoiceField(
        label="What they have to do with it", choices=Part.choices, widget=forms.Select(attrs=SELECT)
    )

    def __init__(self, data: Any = None, *, students: dict[str, Student], linked: set[Any]) -> None:
        super().__init__(data, initial={"part": Part.SUBJECT})
        self.students, self.linked = students, linked
        self.fields["child"].widget.attrs["list"] = "students-known"

    def clean_child(self) -> Student:
        name = self.cleaned_data["child"]
        if name not in self.students:
            raise forms.ValidationError("Choose somebody from the list, name and group.")
        student = self.students[name]
        if student.pk in self.linked:
            raise forms.ValidationError(f"{student.name} is linked already.")
        return student
