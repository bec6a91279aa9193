"""What the forms of the room share. Each form says its answers in words: so they stand on the file."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from accounts.drafts import OpenForm
from accounts.models import User
from safeguarding.desk_forms import DAY, MOST_AHEAD, SELECT
from safeguarding.forms import TICK
from safeguarding.models import Concern

Fact = dict[str, str]


def day(label: str, *, required: bool = True, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, **more)


def choice(label: str, choices: Any, *, required: bool = True, **more: Any) -> forms.ChoiceField:
    """From a list, with nothing chosen at first."""
    found = [("", "Choose"), *choices.choices]
    return forms.ChoiceField(
        label=label, choices=found, required=required, widget=forms.Select(attrs=SELECT), **more
    )  # fmt: skip


def tick(label: str, **more: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput(attrs=TICK), **more)


def in_words(one: dt.date) -> str:
    return f"{one:%A} {one.day} {one:%B %Y}"


class CaseForm(forms.Form):
    """Comes back with its draft; knows who may have something of this concern in hand."""

    heading = ""
    lede = ""

    def __init__(
        self, data: Any = None, *, draft: OpenForm, concern: Concern, people: Sequence[User], me: User, **first: Any
    ) -> None:  # fmt: skip
        typed = {name: values[0] for name, values in draft.fields.items() if values}
        super().__init__(data, initial=self.usual(me) | first | typed)
        self.concern = concern
        if "owner" in self.fields:
            owner: Any = self.fields["owner"]
            owner.queryset = User.objects.filter(pk__in=[person.pk for person in people])
            owner.choices = [(person.pk, str(person)) for person in people]

    def usual(self, me: User) -> dict[str, Any]:
        """What stands in it at first."""
        today = timezone.localdate()
        week = today + dt.timedelta(days=7)
        found = {"owner": me.pk, "happened_on": today.isoformat(), "due_on": week.isoformat()}
        return {name: value for name, value in found.items() if name in self.base_fields}

    def clean_happened_on(self) -> dt.date:
        happened: dt.date = self.cleaned_data["happened_on"]
        if happened > timezone.localdate():
            raise forms.ValidationError("A day until today.")
        return happened

    def clean_due_on(self) -> dt.date | None:
        due, today = self.cleaned_data["due_on"], timezone.localdate()
        if due and not today <= due <= today + MOST_AHEAD:
            raise forms.ValidationError("From today on, within a year.")
        return due  # type: ignore[no-any-return]

    def needs(self, field: str, why: str) -> None:
        """An answer that another one asks for."""
        if not self.cleaned_data.get(field) and field not in self.errors:
            self.add_error(field, why)

    def label_of(self, name: str, words: Any) -> str:
        """A choice of a list, in words."""
        value = self.cleaned_data.get(name)
        return str(words(value).label) if value else ""

    def said(self) -> list[tuple[str, str]]:
        """What was answered, as it stands on the file; empty answers are left out."""
        return []

    @property
    def facts(self) -> list[Fact]:
        return [{"of": of, "words": words} for of, words in self.said() if words]


class OwnedForm(CaseForm):
    """Something in somebody's hands, by a day."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label="In the hands of", empty_label=None, widget=forms.Select(attrs=SELECT),
        error_messages={"invalid_choice": "Choose somebody who reads it."},
    )  # fmt: skip
    due_on = day("By")
