"""The forms of a visit: the plan with its risk check, and what was found."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.drafts import OpenForm
from accounts.models import User
from students.forms import DateInput
from tutoring.diary.forms import TimeInput
from tutoring.visits.enums import Seen

FURTHEST = dt.timedelta(days=60)
USUAL = dt.timedelta(hours=1)
WHAT_FOR = "What the visit is for. No address: it is shown from the contacts."
YES_NO = [("yes", "Yes"), ("no", "No")]


def _yes_or_no(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, widget=forms.RadioSelect, coerce=lambda value: value == "yes", empty_value=None,
        error_messages={"required": "Say yes or no."},
    )  # fmt: skip


def _line(label: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=300, required=False, widget=forms.TextInput(attrs={"placeholder": hint})
    )


class PlanForm(forms.Form):
    """When, with whom, who is told, and the three questions to ask before going. Begins with what a draft held."""

    day = forms.DateField(label="Day", widget=DateInput())
    leaves_at = forms.TimeField(label="I leave at", widget=TimeInput())
    back_by = forms.TimeField(label="Expected back by", widget=TimeInput())
    companion = forms.ModelChoiceField(
        User.objects.none(), label="Going with", required=False, empty_label="Nobody, I go alone"
    )
    told = forms.ModelChoiceField(
        User.objects.none(), label="Who is told if I am not back", empty_label="Choose a colleague",
        help_text="Somebody who stays at school and sees the family, so that they find the address.",
        error_messages={"required": "Choose who is told if you are not back."},
    )  # fmt: skip
    known_risk = _yes_or_no("Is anything known about the household, or dogs?")
    known_risk_note = _line("What is known", "What to be careful about, and what you do about it")
    somebody_knows = _yes_or_no("Does somebody at school know where you go?")
    somebody_knows_note = _line("Who", "Their name, or how you let them know")
    phone_charged = _yes_or_no("Is your phone charged, and your number known at school?")
    phone_charged_note = _line("About the phone", "The number you can be reached on")
    note = forms.CharField(
        label="Before going", required=False, max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": WHAT_FOR}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, draft: OpenForm, told: QuerySet[User], companions: QuerySet[User]) -> None:
        typed = {name: values[0] for name, values in draft.fields.items() if values}
        soon = timezone.localtime().replace(second=0, microsecond=0)
        usual = {"day": soon.date(), "leaves_at": soon.time(), "back_by": (soon + USUAL).time()}
        super().__init__(data, initial=usual | typed)
        self._offer("told", told)
        self._offer("companion", companions)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div("day", "leaves_at", "back_by", css_class="when-where"), "told", "companion",
            "known_risk", "known_risk_note", "somebody_knows", "somebody_knows_note", "phone_charged",
            "phone_charged_note", "note",
        )  # fmt: skip

    def _offer(self, name: str, people: QuerySet[User]) -> None:
        field: Any = self.fields[name]
        field.queryset = people

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if not timezone.localdate() <= day <= timezone.localdate() + FURTHEST:
            raise forms.ValidationError("Today or later, and within two months.")
        return day

    def clean(self) -> None:
        given = self.cleaned_data
        if {"day", "leaves_at", "back_by"} <= given.keys():
            if given["back_by"] <= given["leaves_at"]:
                self.add_error("back_by", "You come back after you have left, on the same day.")
            elif timezone.make_aware(dt.datetime.combine(given["day"], given["back_by"])) <= timezone.now():
                self.add_error("back_by", "This time is past already.")
        if given.get("companion") and given.get("companion") == given.get("told"):
            self.add_error("told", "Whoever goes with you cannot be the one at school who is told.")
        if given.get("known_risk") and not given.get("known_risk_note"):
            self.add_error("known_risk_note", "Say what is known, so that whoever is told knows it too.")

    def words(self) -> dict[str, Any]:
        """What the service saves, after `is_valid`: the day and the two times as moments."""
        given = dict(self.cleaned_data)
        day = given.pop("day")
        for name in ("leaves_at", "back_by"):
            given[name] = timezone.make_aware(dt.datetime.combine(day, given[name]))
        return given


class NoteForm(forms.Form):
    """Whether the child was seen, and who was there: two answers on the way back to school."""

    child_seen = forms.ChoiceField(
        label="Was the child seen?", choices=[(s.value, s.label) for s in Seen if s], widget=forms.RadioSelect
    )
    who_was_there = _line("Who was there", "Mother and an uncle")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
