"""Asking for a statement, writing it, letting it go."""

from typing import Any

from django import forms

from accounts.drafts import OpenForm
from safeguarding.forms import TICK, line, text_box
from safeguarding.investigations.selectors import Person


class AskForm(forms.Form):
    """Of whom, and what."""

    party = forms.ChoiceField(
        label="Of whom", widget=forms.RadioSelect(attrs=TICK), error_messages={"required": "Choose of whom."}
    )
    question = text_box(
        "What you ask", rows=3, required=True,
        help_text="Open and the same for everybody: “Write down what you saw and heard at the gate on Tuesday.” A"
        " colleague reads this, and nothing else.",
        error_messages={"required": "Write what you ask."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, draft: OpenForm, people: list[Person]) -> None:
        super().__init__(data, initial={name: values[0] for name, values in draft.fields.items() if values})
        self.people = {str(person.party.pk): person for person in people}
        field: Any = self.fields["party"]
        field.choices = [(key, f"{person.name}, {person.part.lower()}") for key, person in self.people.items()]


class StatementForm(forms.Form):
    """The words, once and for good."""

    text = text_box(
        "The statement", rows=12, required=True,
        error_messages={"required": "Write what was seen and heard, or let the statement go with the reason."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, draft: OpenForm) -> None:
        super().__init__(data, initial={name: values[0] for name, values in draft.fields.items() if values})


class LetGoForm(forms.Form):
    """Why it will not come."""

    why = line("Why it will not come")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["why"].required = True
        self.fields["why"].help_text = "Refused, withdrawn, nobody reaches them … It stands there for good."
        self.fields["why"].error_messages["required"] = "Say why: it stands there with your name."
