"""The forms of a card, of a student's own words, and of a handling plan; versions are written, never edited."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils import timezone

from accounts.drafts import OpenForm
from students.forms import DateInput
from tutoring.strategies.enums import Kind, Party
from tutoring.strategies.models import HandlingPlan, OwnWords, TeamPart, Version
from tutoring.strategies.selectors import MOST_CARDS
from tutoring.strategies.services import usual_review

FURTHEST = dt.timedelta(days=400)


def _box(model: Any, name: str, hint: str, rows: int = 2) -> forms.CharField:
    field = model._meta.get_field(name)
    box = forms.Textarea(attrs={"rows": rows, "placeholder": hint})
    label = field.verbose_name[0].upper() + field.verbose_name[1:]
    return forms.CharField(label=label, max_length=field.max_length, required=False, widget=box)


def _line(model: Any, name: str, hint: str) -> forms.CharField:
    field = model._meta.get_field(name)
    label = field.verbose_name[0].upper() + field.verbose_name[1:]
    box = forms.TextInput(attrs={"placeholder": hint})
    return forms.CharField(label=label, max_length=field.max_length, required=False, widget=box)


def _ahead(day: dt.date) -> dt.date:
    today = timezone.localdate()
    if not today < day <= today + FURTHEST:
        raise forms.ValidationError("Choose a day after today, within a year or so.")
    return day


class CardForm(forms.Form):
    """One line; "when …" only where the card says what to do when something happens."""

    kind = forms.ChoiceField(label="This is", choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.HELPS)
    moment = forms.CharField(
        label="When …", required=False, max_length=80,
        widget=forms.TextInput(attrs={"placeholder": "asked to read aloud"}),
        help_text="Only for “What to do when …”.",
    )  # fmt: skip
    text = forms.CharField(
        label="In one line", max_length=160,
        widget=forms.TextInput(attrs={"placeholder": "A quiet word at the door, before the lesson begins"}),
        help_text="All who teach the student read it. A worry about safety goes under “Raise a concern”, not here.",
    )  # fmt: skip
    review_on = forms.DateField(label="Look at it again on", widget=DateInput())

    def __init__(self, data: Any = None, *, in_use: int) -> None:
        super().__init__(data, initial={"kind": Kind.HELPS, "review_on": usual_review(timezone.localdate())})
        self.in_use = in_use
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_review_on(self) -> dt.date:
        return _ahead(self.cleaned_data["review_on"])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("kind") == Kind.WHEN and not said.get("moment"):
            self.add_error("moment", "Say when.")
        if said.get("kind") != Kind.WHEN:
            said["moment"] = ""
        if self.in_use >= MOST_CARDS:
            self.add_error(None, f"{MOST_CARDS} cards stand already, and more are not read. Put one away first.")
        return said


class PutAwayForm(forms.Form):
    """Why a card is no longer true, if somebody likes to say."""

    why = forms.CharField(label="Why", required=False, max_length=160)


class VersionForm(forms.Form):
    """Another version of words that stand. `based_on`: the version that the form began with.

    Where somebody wrote a newer one meanwhile, it is refused once: theirs stand beside one's own, and sending it again
    is a choice.
    """

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    is_stale = False

    def __init__(self, data: Any = None, *, draft: OpenForm, last: Version | None, words: dict[str, Any]) -> None:
        typed = {name: values[0] for name, values in draft.fields.items() if values}
        super().__init__(data, initial=words | typed | {"based_on": typed.get("based_on", last.version if last else 0)})
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def refuse(self, newer: Version, words: dict[str, Any]) -> None:
        """Somebody wrote `newer` meanwhile, which says these words (field → text)."""
        self.is_stale = True
        renewed: Any = self.data
        self.data = renewed = renewed.copy()
        renewed["based_on"] = str(newer.version)
        theirs = "; ".join(f"{self.fields[name].label}: “{text}”" for name, text in words.items() if text)
        self.add_error(
            None,
            f"{newer.made_by} wrote another version while you wrote, so nothing was saved yet. It says – {theirs}. Your"
            " own words are still here: bring the two together, then save again.",
        )


class OwnWordsForm(VersionForm):
    """Four boxes, as the student says it; what does not matter is left out."""

    strengths = _box(OwnWords, "strengths", "Football, drawing, calming my little brother down")
    interests = _box(OwnWords, "interests", "In school or out of it")
    aspirations = _box(OwnWords, "aspirations", "Next year, or one day")
    adults = _box(OwnWords, "adults", "What helps me, and what I would rather they did not do")

    def clean(self) -> None:
        if not any(self.cleaned_data.get(name) for name in OwnWords.WORDS):
            self.add_error(None, "Nothing is here yet. Write down at least one thing they say.")


class HandlingForm(VersionForm):
    """All who teach the student read the first part; the pastoral team alone reads the second."""

    early_signs = _box(HandlingPlan, "early_signs", "How one sees it coming")
    calms = _box(HandlingPlan, "calms", "In the order in which to try it")
    never = _box(HandlingPlan, "never", "What makes it worse")
    call = _line(HandlingPlan, "call", "Who comes, and how to reach them")
    triggers = _box(TeamPart, "triggers", "What sets it off")
    holds = _box(TeamPart, "holds", "Agreed holds, by trained staff only; never on airway, neck, chest or abdomen")
    trained = _line(TeamPart, "trained", "Names, and until when their training counts")
    medical = _box(TeamPart, "medical", "What must not be done, and why")
    after = _box(TeamPart, "after", "Who talks with the student, who rings home that day, what is written down")
    review_on = forms.DateField(label="Next review", widget=DateInput())
    ended_why = _line(HandlingPlan, "ended_why", "Leave empty while there is one")

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.initial.setdefault("review_on", usual_review(timezone.localdate()))
        self.helper.layout = Layout(
            "based_on",
            Fieldset("For all who teach them", "early_signs", "calms", "never", "call"),
            Fieldset("For the pastoral team alone", "triggers", "holds", "trained", "medical", "after"),
            Div("review_on", "ended_why"),
        )

    def clean_review_on(self) -> dt.date:
        return _ahead(self.cleaned_data["review_on"])

    def clean(self) -> None:
        said = self.cleaned_data
        if said.get("holds") and not said.get("trained"):
            self.add_error("trained", "Name who is trained: nobody else may hold.")
        if not said.get("calms") and not said.get("ended_why"):
            self.add_error("calms", "Say what calms it: that comes before everything else.")

    def plan(self) -> dict[str, Any]:
        """What all who teach the student read, and the days."""
        return {name: self.cleaned_data[name] for name in (*HandlingPlan.WORDS, "review_on", "ended_why")}

    def team(self) -> dict[str, str]:
        """What the pastoral team alone reads."""
        return {name: self.cleaned_data[name] for name in TeamPart.WORDS}


class AgreeForm(forms.Form):
    """One party's agreement: who, and on which day."""

    party = forms.ChoiceField(choices=Party.choices, widget=forms.HiddenInput)
    name = forms.CharField(label="Name", max_length=120)
    day = forms.DateField(label="Agreed on", widget=DateInput())

    def __init__(self, data: Any = None, *, party: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"party": party} | (initial or {}), auto_id=f"id_{party}_%s")

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError("That day is still to come.")
        return day
