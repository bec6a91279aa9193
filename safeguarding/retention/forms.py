"""What is said of keeping. Every text is a line, so that nothing long can be lost."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from safeguarding.desk_forms import DAY
from safeguarding.forms import LINE, TICK
from safeguarding.retention.enums import Decision
from safeguarding.retention.models import MOST_YEARS, RetentionClass


def line(label: str, missing: str = "", **more: Any) -> forms.CharField:
    """Needed where there is a sentence for its being missing."""
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    said = {"required": missing} if missing else {}
    return forms.CharField(
        label=label, max_length=LINE, required=bool(missing), widget=widget, error_messages=said, **more
    )  # fmt: skip


class ClassForm(forms.ModelForm):  # type: ignore[type-arg]
    """How long, from what day on, and on whose word."""

    class Meta:
        model = RetentionClass
        fields = ("years", "trigger", "source")
        widgets = {
            "years": forms.NumberInput(attrs={"class": "form-control", "min": 0, "max": MOST_YEARS}),
            "trigger": forms.RadioSelect(attrs=TICK),
            "source": forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        }
        help_texts = {"source": "Your records policy, a statute, the authority’s word: it stands beside each file."}
        error_messages = {
            "years": {"required": "Say for how many years.", "max_value": f"At most {MOST_YEARS} years."},
            "source": {"required": "Say where the rule comes from."},
        }

    def clean_years(self) -> int:
        years: int = self.cleaned_data["years"]
        if years > MOST_YEARS:
            raise forms.ValidationError(f"At most {MOST_YEARS} years.")
        return years


class WhyForm(forms.Form):
    """A reason in a line."""

    title, button, words = "", "Save", ""
    why = line("Why", "Say why: it stands here for those who read the file.")


class HoldForm(WhyForm):
    title, button = "Hold this file", "Hold it"
    words = (
        "A claim, an inquiry, a police matter, a request to see records: as long as it is held nothing of the file can"
        " be destroyed, whatever its day. Say what it is, not what is on the file."
    )


class LiftForm(WhyForm):
    title, button = "Lift the hold", "Lift it"
    words = "What it was held for is over. The hold and both reasons stay to be read."


class ReviewForm(forms.Form):
    """What a review comes to. `due`: whether the day has come; if not, destroying wants a reason of its own."""

    decision = forms.ChoiceField(
        label="What you decide", choices=Decision.choices, widget=forms.RadioSelect(attrs=TICK),
        error_messages={"required": "Say what you decide."},
    )  # fmt: skip
    until = forms.DateField(
        label="Keep it until", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text="To keep it: then it is reviewed again.",
    )  # fmt: skip
    why = line("Why", "Say why.", help_text="The reason outlives the file: nothing of what is on it belongs here.")
    early_why = line(
        "Why before its day", help_text="To destroy it before its day: a court order, a file made by mistake …"
    )

    def __init__(self, data: Any = None, *, due: bool) -> None:
        super().__init__(data)
        self.due = due
        if due:
            del self.fields["early_why"]

    def clean_until(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["until"]
        if day and day <= timezone.localdate():
            raise forms.ValidationError("A day that is still to come.")
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("decision") == Decision.KEEP and not said.get("until") and "until" not in self.errors:
            self.add_error("until", "Say until what day it is kept.")
        if said.get("decision") == Decision.DESTROY and not self.due and not said.get("early_why"):
            self.add_error("early_why", "Its day has not come: say why it is destroyed before.")
        return said


class ApproveForm(forms.Form):
    """The second person's yes. It cannot be taken back, so it is ticked and pressed."""

    sure = forms.BooleanField(
        label="I looked at this proposal myself",
        help_text="The file is destroyed now, and nobody can bring it back.",
        widget=forms.CheckboxInput(attrs=TICK),
        error_messages={"required": "Tick that you looked at it: it cannot be taken back."},
    )


class RefuseForm(WhyForm):
    title, button = "Do not destroy it", "Do not destroy it"
    words = "The proposal is over and the file stays. Somebody can review it again."
