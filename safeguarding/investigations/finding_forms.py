"""The finding, and whether it stopped."""

from typing import Any

from django import forms

from accounts.drafts import OpenForm
from safeguarding.forms import TICK, line, text_box
from safeguarding.investigations.enums import Asked, Method, Motive, Part
from safeguarding.investigations.selectors import Person


class FindingForm(forms.Form):
    """What was found and why, what it means for each, who was told."""

    finding = text_box(
        "What was found", rows=4, required=True,
        help_text="On balance: what happened, what did not, what stays open. Of each thing that is said.",
        error_messages={"required": "Write what was found, or that it could not be found out."},
    )  # fmt: skip
    reasons = text_box(
        "Why", rows=4, required=True, help_text="Which statements and what evidence, and what spoke against it.",
        error_messages={"required": "Write why: somebody may ask in a year."},
    )  # fmt: skip
    method = forms.ChoiceField(
        label="How it was done", choices=[("", "Choose"), *Method.choices],
        widget=forms.Select(attrs={"class": "form-select"}), error_messages={"required": "Choose how."},
    )  # fmt: skip
    motives = forms.MultipleChoiceField(
        label="What it turned on", choices=Motive.choices, widget=forms.CheckboxSelectMultiple(attrs=TICK),
        error_messages={"required": "Tick what it turned on; “nothing that one could see” and “not known” count."},
    )  # fmt: skip
    parents = text_box(
        "Parents", rows=3, required=True,
        help_text="Of each student: who was told, when, by whom, and what they say; or why they are not told.",
        error_messages={"required": "Write who was told, or why not."},
    )  # fmt: skip
    actions = text_box("What is done now", rows=3, help_text="What, by whom, by when.")

    def __init__(self, data: Any = None, *, draft: OpenForm, people: list[Person]) -> None:
        typed = {name: values if name == "motives" else values[0] for name, values in draft.fields.items() if values}
        super().__init__(data, initial=typed)
        self.people = {
            f"outcome_{person.party.pk}": person
            for person in people
            if person.party.part in (Part.TARGET, Part.ALLEGED)
        }
        for name, person in self.people.items():
            box = line(f"For {person.name}")
            box.required = True
            box.error_messages["required"] = "Write what it means for them: support, a sanction, repair, nothing."
            box.help_text = f"{person.part}. Support, a sanction, repairing it together, or nothing, and why."
            self.fields[name] = box

    @property
    def outcomes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.people]

    def words(self) -> dict[str, Any]:
        said = self.cleaned_data
        # By person and not by name: whoever writes for longer than a minute finds no name any more.
        outcomes = {str(person.party.pk): said[name] for name, person in self.people.items()}
        names = ("finding", "reasons", "method", "motives", "parents", "actions")
        return {name: said[name] for name in names} | {"outcomes": outcomes}


class FollowUpForm(forms.Form):
    """Whether it stopped, in their own words; or why nobody asked."""

    stopped = forms.ChoiceField(
        label="Has it stopped?", choices=Asked.choices, widget=forms.RadioSelect(attrs=TICK),
        error_messages={"required": "Say whether it stopped."},
    )  # fmt: skip
    text = text_box(
        "In their own words", rows=5, required=True,
        help_text="What they say who were harmed, and what you saw. If nobody was asked, why.",
        error_messages={"required": "Write what they say, or why nobody was asked."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, draft: OpenForm) -> None:
        super().__init__(data, initial={name: values[0] for name, values in draft.fields.items() if values})
