"""A referral to an agency, and the steps of a disagreement about its answer."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import User
from safeguarding.case.enums import Agency, Basis, Consent, Method, Rung
from safeguarding.case.fields import OwnedForm, choice, day, in_words, tick
from safeguarding.case.timescales import answer_due, challenge_due
from safeguarding.desk_forms import MOST_AHEAD, SELECT
from safeguarding.forms import line, text_box


class ReferralForm(OwnedForm):
    """To an agency: what was shared on what ground, and by when it answers."""

    heading = "A referral"
    lede = (
        "Write down what was sent, once it is sent: in danger ring first. The authority says within one working day"
        " what it will do; if nobody hears, it stands on the desk."
    )
    agency = choice("To", Agency)
    other = line("Which agency, if another")
    happened_on = day("Day it was made")
    at = forms.TimeField(
        label="At", required=False, widget=forms.TimeInput(attrs={"type": "time", "class": "form-control"})
    )
    method = choice("How", Method)
    whom = line("To whom, by name and work")
    reference = line("Their reference")
    text = text_box(
        "What was shared, and why", rows=6, required=True,
        help_text="Keep what was seen and said apart from what you think of it.",
        error_messages={"required": "Write what was shared and why."},
    )  # fmt: skip
    consent = choice("Do the parents agree, or a child who can?", Consent)
    why_not = line("Why not, or why they were not asked")
    basis = choice("On what ground it is shared", Basis)
    due_on = day("Their answer by", required=False, help_text="Left empty: one working day after the day it was made.")
    owner = forms.ModelChoiceField(
        User.objects.none(), label="Who follows it up", empty_label=None, widget=forms.Select(attrs=SELECT),
        error_messages={"invalid_choice": "Choose somebody who reads it."},
    )  # fmt: skip
    significant = tick("Stands out in the chronology")
    field_order = [
        "agency", "other", "happened_on", "at", "method", "whom", "reference", "text", "consent", "why_not", "basis",
        "due_on", "owner", "significant",
    ]  # fmt: skip

    def usual(self, me: User) -> dict[str, Any]:
        return super().usual(me) | {"due_on": "", "significant": True}

    def clean_due_on(self) -> dt.date | None:
        due, sent = self.cleaned_data["due_on"], self.cleaned_data.get("happened_on")
        if due and sent and not sent <= due <= sent + MOST_AHEAD:
            raise forms.ValidationError("From the day it was made on, within a year.")
        return due or (answer_due(sent) if sent else None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("agency") == Agency.OTHER:
            self.needs("other", "Say which agency.")
        if cleaned.get("consent") in (Consent.NO, Consent.NOT_SOUGHT):
            self.needs("why_not", "Say why it is shared all the same.")
            if cleaned.get("basis") == Basis.CONSENT:
                self.add_error("basis", "They did not agree: choose another ground.")
        return cleaned

    @property
    def title(self) -> str:
        """The agency, as it stands in the chronology."""
        said: str = self.cleaned_data["other"]
        return said if self.cleaned_data["agency"] == Agency.OTHER else self.label_of("agency", Agency)

    def said(self) -> list[tuple[str, str]]:
        cleaned = self.cleaned_data
        at = f", {cleaned['at']:%H:%M}" if cleaned["at"] else ""
        return [
            ("Made", in_words(cleaned["happened_on"]) + at),
            ("How", self.label_of("method", Method)),
            ("To", cleaned["whom"]),
            ("Their reference", cleaned["reference"]),
            ("Agreed to by the family", self.label_of("consent", Consent)),
            ("Why not", cleaned["why_not"]),
            ("Ground for sharing", self.label_of("basis", Basis)),
            ("Answer due", in_words(cleaned["due_on"])),
            ("Followed up by", str(cleaned["owner"])),
        ]


class ChallengeForm(OwnedForm):
    """The school does not agree with what an agency decided, or with its silence."""

    heading = "A challenge"
    lede = (
        "The school does not agree with what was decided, or hears nothing. One step after the other: the worker, their"
        " manager, the senior manager, the partnership. Each answers by a day; the local rules may set others."
    )
    rung = choice("To", Rung)
    whom = line("Name and work")
    happened_on = day("Day")
    text = text_box(
        "What you do not agree with, and what you ask for", rows=5, required=True,
        error_messages={"required": "Write what you do not agree with."},
    )  # fmt: skip
    due_on = day("Their answer by", required=False, help_text="Left empty: 1, 2, 3 and 5 working days, step by step.")
    field_order = ["rung", "whom", "happened_on", "text", "due_on", "owner"]

    def __init__(self, *args: Any, rungs: Sequence[Rung], waits: bool, **more: Any) -> None:
        super().__init__(*args, **more, rung=rungs[0].value if rungs else "")
        self.waits = waits
        field: Any = self.fields["rung"]
        field.choices = [("", "Choose"), *((rung.value, rung.label) for rung in rungs)]

    def usual(self, me: User) -> dict[str, Any]:
        return super().usual(me) | {"due_on": ""}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.waits:
            self.add_error(None, "Write down first what came of the step before: an answer, or that none came.")
        if (
            cleaned.get("rung")
            and cleaned.get("happened_on")
            and not cleaned.get("due_on")
            and "due_on" not in self.errors
        ):
            cleaned["due_on"] = challenge_due(Rung(cleaned["rung"]), cleaned["happened_on"])
        return cleaned

    def said(self) -> list[tuple[str, str]]:
        cleaned = self.cleaned_data
        return [("To", cleaned["whom"]), ("Answer due", in_words(cleaned["due_on"]))]
