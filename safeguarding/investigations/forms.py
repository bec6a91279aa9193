"""Opening an investigation, and what is added to it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.drafts import OpenForm
from accounts.models import User
from safeguarding.forms import TICK, line, text_box
from safeguarding.investigations.enums import Entry, Kind, Method, Motive, Part
from safeguarding.investigations.services import Named
from students.models import Student

# Boxes for names: the one that everybody sees, and those behind "More".
BOXES = {Part.TARGET: 4, Part.ALLEGED: 6, Part.WITNESS: 6, Part.REPORTER: 2}
LABELS = {
    Part.TARGET: "Who is said to have been harmed",
    Part.ALLEGED: "Who is said to have done it",
    Part.WITNESS: "Who saw or heard it",
    Part.REPORTER: "Who told us",
}
FURTHEST_BACK = dt.timedelta(days=366 * 3)
# What is written by hand and how it is asked for.
ASKS = {
    Entry.ADDED: "What was left out or wrong, and what is right. What stands already stays.",
    Entry.EVIDENCE: "What there is and where it is kept: messages, pictures, CCTV, who has the device. Never copy or"
    " keep a nude or sexual picture of a child: say where it is, and raise a concern.",
    Entry.ACTION: "What was done or is to be done, by whom and by when.",
    Entry.CLOSED: "What came of it, and what stays in place.",
    Entry.REOPENED: "What is to be looked into once more. Follow-ups that wait are left out; the next finding makes"
    " others.",
}


class NamesForm(forms.Form):
    """Turns what was typed into people: chosen from the list, or only a name that stands in the words."""

    students: dict[str, Student]
    staff: dict[str, User]

    def named(self, part: Part, name: str) -> Named:
        """A colleague is only ever who saw it or told us; a name that only looks like one is never linked by itself."""
        student = self.students.get(name)
        person = self.staff.get(name) if student is None and part in (Part.WITNESS, Part.REPORTER) else None
        return Named(part, name, student, person)


class OpenInvestigationForm(NamesForm):
    """Who, what, in two minutes; everything else comes later."""

    kind = forms.ChoiceField(
        label="What it may be", choices=Kind.choices, widget=forms.RadioSelect(attrs=TICK),
        error_messages={"required": "Choose what comes nearest; the finding says what it was."},
    )  # fmt: skip
    account = text_box(
        "What is said to have happened", rows=5, required=True,
        help_text="Who told you what, in order, in their words. “Said to have” until there is a finding.",
        error_messages={"required": "Write what is said to have happened; one sentence is enough to begin with."},
    )  # fmt: skip
    happened_on = forms.DateField(
        label="Day", required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )  # fmt: skip
    place = line("Where")
    method = forms.ChoiceField(
        label="How", required=False, choices=[("", "Not said yet"), *Method.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    wants = text_box("What they want to happen, who are said to have been harmed", rows=2)
    motives = forms.MultipleChoiceField(
        label="What it may turn on", required=False, choices=Motive.choices,
        widget=forms.CheckboxSelectMultiple(attrs=TICK),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, draft: OpenForm, students: dict[str, Student], staff: dict[str, User]
    ) -> None:
        """`students`, `staff`: label → who it is, of all whom this person finds."""
        typed: dict[str, Any] = {
            name: values if name == "motives" else values[0] for name, values in draft.fields.items() if values
        }
        super().__init__(data, initial={"happened_on": timezone.localdate().isoformat()} | typed)
        self.students, self.staff = students, staff
        for part, most in BOXES.items():
            for number in range(most):
                box = line(LABELS[part] if number == 0 else f"{LABELS[part]}, {number + 1}")
                box.widget.attrs["list"] = "people-known" if part in (Part.WITNESS, Part.REPORTER) else "students-known"
                self.fields[f"{part.value}_{number}"] = box

    @property
    def first_boxes(self) -> list[forms.BoundField]:
        """One for whoever is said to be harmed, one for whoever is said to have done it."""
        return [self["target_0"], self["alleged_0"]]

    @property
    def more_boxes(self) -> list[forms.BoundField]:
        first = {box.name for box in self.first_boxes}
        boxes = [self[f"{part.value}_{number}"] for part, most in BOXES.items() for number in range(most)]
        return [box for box in boxes if box.name not in first]

    @property
    def has_more(self) -> bool:
        return any(box.value() or box.errors for box in self.more_boxes)

    def clean_happened_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["happened_on"]
        today = timezone.localdate()
        if day and not today - FURTHEST_BACK <= day <= today:
            raise forms.ValidationError("A day until today, within three years. Leave it empty if it is not known.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = [(part, cleaned.get(name, ""), name) for part, name in self._boxes()]
        names = [name for _, name, _ in typed if name]
        for part, name, box in typed:
            if name and names.count(name) > 1:
                self.add_error(box, "The same person stands here twice. Each has one part in it.")
            elif name in self.staff and name not in self.students and part in (Part.TARGET, Part.ALLEGED):
                self.add_error(box, "That is a colleague. What is said of an adult goes to Raise a concern.")
        linked = [self.students.get(name) for part, name, _ in typed if part in (Part.TARGET, Part.ALLEGED)]
        if not any(linked) and not self.errors:
            self.add_error(
                "target_0",
                "Choose at least one student from the list, harmed or said to have done it: name and group. It stands"
                " on their file, and those who lead them read it.",
            )
        return cleaned

    def _boxes(self) -> list[tuple[Part, str]]:
        return [(part, f"{part.value}_{number}") for part, most in BOXES.items() for number in range(most)]

    def people(self) -> list[Named]:
        said = self.cleaned_data
        return [self.named(part, said[name]) for part, name in self._boxes() if said.get(name)]

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("account", "place", "method", "wants", "motives")}


class EntryForm(forms.Form):
    """One thing more."""

    text = text_box("What you write", rows=7, required=True, error_messages={"required": "Write what there is to say."})

    def __init__(self, data: Any = None, *, draft: OpenForm, kind: Entry) -> None:
        super().__init__(data, initial={name: values[0] for name, values in draft.fields.items() if values})
        self.fields["text"].help_text = ASKS[kind]


class PersonForm(NamesForm):
    """Somebody else who is in it."""

    name = line("Name")
    part = forms.ChoiceField(
        label="What they have to do with it", choices=Part.choices, widget=forms.RadioSelect(attrs=TICK),
        error_messages={"required": "Say what they have to do with it."},
    )  # fmt: skip
    why = line("How that is known")

    def __init__(self, data: Any = None, *, students: dict[str, Student], staff: dict[str, User]) -> None:
        super().__init__(data)
        self.students, self.staff = students, staff
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = "Write who it is."
        self.fields["name"].widget.attrs["list"] = "people-known"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name, part = cleaned.get("name", ""), cleaned.get("part")
        if name in self.staff and name not in self.students and part in (Part.TARGET, Part.ALLEGED):
            self.add_error("part", "That is a colleague. What is said of an adult goes to Raise a concern.")
        return cleaned

    def person(self) -> Named:
        return self.named(Part(self.cleaned_data["part"]), self.cleaned_data["name"])
