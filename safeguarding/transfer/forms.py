"""What is said of a transfer. Every text is a line, so that nothing long can be lost."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from safeguarding.desk_forms import DAY, SELECT
from safeguarding.forms import LINE, TICK
from safeguarding.transfer.days import next_term_start
from safeguarding.transfer.enums import Basis, Method
from safeguarding.transfer.models import Transfer
from safeguarding.transfer.selectors import destination_of


def _line(label: str, missing: str = "", **more: Any) -> forms.CharField:
    """Needed where there is a sentence for its being missing."""
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    said = {"required": missing} if missing else {}
    return forms.CharField(
        label=label, max_length=LINE, required=bool(missing), widget=widget, error_messages=said, **more
    )


def _day(label: str, *, required: bool = True, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, **more)


class StepForm(forms.Form):
    """One step of a transfer. `title` and `button` stand on its page; `words` say what it does."""

    title, button, words = "", "Save", ""

    def __init__(self, data: Any = None, *, transfer: Transfer) -> None:
        self.transfer = transfer
        super().__init__(data, initial=self.first_values())

    def first_values(self) -> dict[str, Any]:
        """What stands in the form before anybody types."""
        return {}


class DestinationForm(StepForm):
    """Where it goes: the lead there by name, so that nobody else opens it."""

    title, words = (
        "Where the file goes",
        "To whoever leads on safeguarding there, by name, and apart from the main pupil file.",
    )
    name = _line("School or college", "Say where it goes.")
    urn = _line("URN or LAESTAB, where it is known")
    dsl = _line("Who leads on safeguarding there", "Say who takes it in there.")
    contact = _line(
        "How to reach them",
        "Say how to reach them.",
        help_text="A number you looked up yourself: the passphrase is told there.",
    )
    basis = forms.ChoiceField(label="When", choices=Basis.choices, widget=forms.RadioSelect(attrs=TICK))

    def first_values(self) -> dict[str, Any]:
        return destination_of(self.transfer) | {"basis": self.transfer.basis}

    def clean_basis(self) -> str:
        basis: str = self.cleaned_data["basis"]
        if basis == Basis.NEW_TERM and not next_term_start(self.transfer.student.school, self.transfer.left_on):
            raise forms.ValidationError(
                "The calendar here knows no term after that day: choose the other, or add the term."
            )
        return basis


class SentForm(StepForm):
    """That it went, and how."""

    title, button = "The file went", "It went"
    words = (
        "The newest package went. From now on the file here rests: nothing is added to it unless a lead opens it again."
    )
    method = forms.ChoiceField(
        label="How",
        choices=[("", "Choose"), *Method.choices],
        widget=forms.Select(attrs=SELECT),
        error_messages={"required": "Say how it went."},
    )


class ReceiptForm(StepForm):
    """Who there said that it came."""

    title, words = (
        "The receipt",
        "Somebody there said that it came. A sentence on the telephone is one, when it is written down here.",
    )
    on = _day("Received there on")
    name = _line("Who said so", "Say who said so.")
    role = _line("What they do there", "Say what they do there.")
    how = _line("How they said so", "Say how: by letter, e-mail, telephone …")

    def first_values(self) -> dict[str, Any]:
        return {"on": timezone.localdate().isoformat()}

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        sent = timezone.localdate(self.transfer.sent_at) if self.transfer.sent_at else day
        if not sent <= day <= timezone.localdate():
            raise forms.ValidationError(f"A day from {sent:%-d %b %Y}, when it went, until today.")
        return day


class ChaserForm(StepForm):
    """Somebody asked after it."""

    title, words = "Ask after the receipt", "Whom you asked, how, and what they said."
    said = _line("What was said", "Say what was said.")


class CopyForm(StepForm):
    """Whether a copy stays; what is right is the local authority's policy."""

    title, words = (
        "The copy here",
        "Whether the school keeps a copy is your local authority’s policy. The receipt and this page stay in any case.",
    )
    kept = forms.TypedChoiceField(
        label="A copy", choices=[("", "Choose"), ("yes", "is kept"), ("no", "is not kept")],
        coerce=lambda said: said == "yes",
        widget=forms.Select(attrs=SELECT), error_messages={"required": "Say whether a copy is kept."},
    )  # fmt: skip
    basis = _line("On what ground")
    until = _day("Until", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kept") and not cleaned.get("basis"):
            self.add_error("basis", "Say on what ground: a copy without one is not kept.")
        return cleaned


class WhyForm(StepForm):
    """A reason in a line."""

    why = _line("Why", "Say why: it stands here for those who read the file.")


class ReopenForm(WhyForm):
    title, button = "Open the file again", "Open it again"
    words = "It can be written on again, although it went. Send what is added after it, and say so there."


class StaysForm(WhyForm):
    title, button = "The file stays here", "It stays here"
    words = "It goes nowhere: the child is on no school’s roll now, or the file went another way before."
