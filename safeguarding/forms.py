"""Raising a concern."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from accounts.drafts import OpenForm
from accounts.models import User
from safeguarding.attachments import FilesField, ask_for_files_again
from safeguarding.body_map import MarksField, typed_marks
from safeguarding.categories import category_choices
from safeguarding.enums import Store
from safeguarding.services import Facts, Words
from students.models import Student

CHILDREN = 6
LONGEST = 20_000
LINE = 300
TICK = {"class": "form-check-input"}
FURTHEST_BACK = dt.timedelta(days=366 * 20)


def text_box(label: str, *, rows: int, required: bool = False, **more: Any) -> forms.CharField:
    """Room to write; the form keeps a draft."""
    widget = forms.Textarea(attrs={"rows": rows, "class": "form-control", "spellcheck": "true"})
    return forms.CharField(label=label, max_length=LONGEST, required=required, widget=widget, **more)


def line(label: str, **more: Any) -> forms.CharField:
    """Room for one line."""
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=LINE, required=False, widget=widget, **more)


class RaiseForm(forms.Form):
    """Who, what, in whose words. Only a name and what was seen or heard are needed."""

    store = forms.ChoiceField(label="Who is it about?", choices=Store.choices, widget=forms.RadioSelect(attrs=TICK))
    immediate = forms.BooleanField(
        label="Somebody is in danger now", required=False, widget=forms.CheckboxInput(attrs=TICK)
    )
    adult = line("Name of the adult who works or helps here")
    about_staff = forms.ModelChoiceField(
        User.objects.none(), label="Choose them, if they have an account here", required=False,
        empty_label="Not in this list", widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    category = forms.ChoiceField(
        label="What it may be about", required=False, choices=[("", "Not sure"), *category_choices()],
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    seen = text_box(
        "What did you see or hear?", rows=5, required=True,
        help_text="Facts in order: who, where, when. Keep what you think apart from what you saw.",
        error_messages={"required": "Write what you saw or heard; one sentence is enough to begin with."},
    )  # fmt: skip
    child_words = text_box(
        "The child’s own words", rows=3,
        help_text="Exactly as they said it, slang and all, and what you asked. Do not tidy it.",
    )  # fmt: skip
    happened_on = forms.DateField(
        label="Day", required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )  # fmt: skip
    when = line("About what time")
    where = line("Where")
    told = line("Whom have you told, and when?")
    done = line("What did you do at once?")
    marks = MarksField(label="Marks you saw on a child", required=False)
    attached = FilesField()

    def __init__(
        self, data: Any = None, files: Any = None, *, draft: OpenForm, students: dict[str, Student],
        staff: Sequence[User], about: str = "",
    ) -> None:  # fmt: skip
        """`students`: label → student, of all whom this person finds; `about`: the label to begin with."""
        typed: dict[str, Any] = {name: values[0] for name, values in draft.fields.items() if values}
        usual = {"store": Store.CHILDREN, "happened_on": timezone.localdate().isoformat(), "child_0": about}
        typed |= {"marks": typed_marks(draft.fields)} if draft.fields else {}
        super().__init__(data, files, initial=usual | typed)
        self.students = students
        field: Any = self.fields["about_staff"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in staff])
        field.choices = [("", "Not in this list"), *((person.pk, str(person)) for person in staff)]
        for number in range(CHILDREN):
            name = line("Name of the child" if number == 0 else f"Child {number + 1}")
            name.widget.attrs["list"] = "students-known"
            self.fields[f"child_{number}"] = name

    @property
    def children(self) -> list[forms.BoundField]:
        """The boxes for names."""
        return [self[f"child_{number}"] for number in range(CHILDREN)]

    @property
    def has_more_children(self) -> bool:
        return any(box.value() for box in self.children[1:])

    def clean_happened_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["happened_on"]
        today = timezone.localdate()
        if day and not today - FURTHEST_BACK <= day <= today:
            raise forms.ValidationError("A day until today. Leave it empty if you do not know it.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        store = cleaned.get("store")
        if store == Store.CHILDREN and not self.names:
            self.add_error(
                "child_0", "Write who it is about. If you do not know the name, say how one would know them."
            )
        if store == Store.CHILDREN and cleaned.get("about_staff"):
            cleaned["store"] = Store.STAFF
        elif store == Store.CHILDREN and cleaned.get("adult"):
            self.add_error(
                "store",
                "You named an adult who works or helps here. Choose above that it is about them, or"
                " take the name out here: other adults belong in what you saw and heard.",
            )
        if store == Store.STAFF and not (cleaned.get("adult") or cleaned.get("about_staff")):
            self.add_error("adult", "Write which adult it is about, or choose them.")
        ask_for_files_again(self)
        return cleaned

    @property
    def names(self) -> list[str]:
        """Whoever was named, as it was typed."""
        typed = (self.cleaned_data.get(f"child_{number}", "") for number in range(CHILDREN))
        return list(dict.fromkeys(name for name in typed if name))

    @property
    def linked(self) -> list[Student]:
        """Those who were chosen from the list; a name that only looks like one is never linked by itself."""
        return [self.students[name] for name in self.names if name in self.students]

    def words(self, arose_in: str = "") -> Words:
        said = self.cleaned_data
        texts = {name: said[name] for name in ("seen", "child_words", "when", "where", "told", "done", "adult")}
        return Words(names=self.names, arose_in=arose_in, marks=said["marks"], **texts)

    def facts(self, follows: Any = None) -> Facts:
        said = self.cleaned_data
        store = Store(said["store"])
        return Facts(store, said["about_staff"], said["category"], said["immediate"], said["happened_on"], follows)
