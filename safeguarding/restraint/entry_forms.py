"""What is added to a record: corrections, talks, the review, the letter home and that it reached them."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.drafts import OpenForm
from safeguarding.forms import TICK, text_box
from safeguarding.restraint.enums import How, Kind
from safeguarding.restraint.forms import CLOCK, DAY, moment
from safeguarding.restraint.letters import strange_names, unanswered
from safeguarding.restraint.models import Incident

# What is written by hand and how it is asked for. The letter has a form of its own.
ASKS = {
    Kind.ADDED: "What was left out or wrong, and what is right. What stands already stays.",
    Kind.STAFF: "Who talked with whom. How they are, what they need, what could be done otherwise next time.",
    Kind.PUPIL: "Who talked with the pupil. What they say of it, what helped, what did not, what they want next time.",
    Kind.PLAN: "Whether there is a plan for this pupil, and what was changed in it; or why none is needed.",
    Kind.REVIEWED: "Whether it was necessary and no more than needed, whether policy was kept, what the school learns.",
    Kind.EXCUSED: "Which serious harm to the pupil telling the parents would bring, how that is known, who decided.",
    Kind.TOLD: "To whom it went, and what they said.",
}


class EntryForm(forms.Form):
    """One thing more, with when it was."""

    text = text_box("What you write", rows=7, required=True, error_messages={"required": "Write what there is to say."})
    day = forms.DateField(label="Day", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    at = forms.TimeField(label="At", widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"))

    def __init__(self, data: Any = None, *, draft: OpenForm, kind: Kind, incident: Incident) -> None:
        now = timezone.localtime()
        usual = {"day": now.date().isoformat(), "at": f"{now:%H:%M}"}
        super().__init__(data, initial=usual | {name: values[0] for name, values in draft.fields.items() if values})
        self.incident, self.kind = incident, kind
        self.fields["text"].help_text = ASKS[kind]
        if kind == Kind.TOLD:
            self.fields["how"] = forms.ChoiceField(
                label="How the letter reached them", choices=How.choices, widget=forms.RadioSelect(attrs=TICK),
                error_messages={"required": "Say how it reached them."},
            )  # fmt: skip

    @property
    def happened_at(self) -> dt.datetime:
        """Not before the event: in the minute it began, the form knows no seconds."""
        said = moment(self.cleaned_data["day"], self.cleaned_data["at"])
        return max(said, self.incident.started_at)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("day") and cleaned.get("at"):
            said, began = moment(cleaned["day"], cleaned["at"]), self.incident.started_at
            if said > timezone.now():
                self.add_error("at", "Not after now.")
            elif said < began.replace(second=0, microsecond=0):
                self.add_error("at", "Not before it happened.")
        return cleaned


class LetterForm(forms.Form):
    """Who at home gets it, and its words, which are chosen: nothing is copied from the record by itself."""

    to = forms.MultipleChoiceField(
        label="To", widget=forms.CheckboxSelectMultiple(attrs=TICK),
        error_messages={"required": "Choose to whom it goes."},
    )  # fmt: skip
    text = text_box(
        "The letter", rows=14, required=True,
        help_text="Plain words. What happened, why, how long, whether anybody was hurt, what was done since, whom to"
        " ring. Never another pupil’s name.",
        error_messages={"required": "Write what the parents are to know."},
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, draft: OpenForm, to: list[tuple[str, str]], usual: str, others: list[tuple[str, str]]
    ) -> None:
        """`to`: (key, name) of whoever may get it; `others`: names of other pupils, who may not stand in it."""
        typed = {name: values if name == "to" else values[0] for name, values in draft.fields.items() if values}
        super().__init__(data, initial={"text": usual, "to": [key for key, _ in to]} | typed)
        self.others = others
        field: Any = self.fields["to"]
        field.choices = to

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if found := strange_names(text, self.others):
            raise forms.ValidationError(
                f"Another pupil’s name stands in it: {', '.join(found)}. Write “another pupil” instead."
            )
        if left := unanswered(text):
            raise forms.ValidationError(f"Answer this, or take it out: {'; '.join(left)}.")
        return text
