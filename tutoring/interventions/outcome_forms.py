"""Entry and exit of everybody, and the evaluation with an outcome for each."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Div, Field
from django import forms

from accounts.drafts import Fields
from core.ids import UUID
from core.stale import mark_of
from tutoring.interventions.enums import Decision
from tutoring.interventions.forms import typed_in
from tutoring.interventions.models import Member
from tutoring.interventions.services import Measured, Said
from tutoring.plans.forms import plain_helper, rating


def _number(label: str, value: Decimal | None) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"class": "form-control", "step": "any", "aria-label": label})
    return forms.DecimalField(label=label, max_digits=7, decimal_places=2, required=False, initial=value, widget=widget)


class NumbersForm(forms.Form):
    """A form that saves numbers of everybody, with a mark of what they said when it was opened."""

    opened_with = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    is_stale = False

    def __init__(self, data: Any = None, *, members: Sequence[Member], typed: Fields | None = None) -> None:
        super().__init__(data, initial={"opened_with": mark_of_measures(members)} | typed_in(typed or {}))
        self.members = members

    def clean(self) -> None:
        opened = self.cleaned_data.get("opened_with")
        if opened and opened != mark_of_measures(self.members):
            self.is_stale = True
            renewed: Any = self.data
            renewed = renewed.copy()
            renewed["opened_with"] = mark_of_measures(self.members)
            self.data = renewed
            theirs = "; ".join(f"{m.student.name}: {_said(m.entry)} and {_said(m.exit)}" for m in self.members)
            raise forms.ValidationError(
                "Somebody else changed these numbers meanwhile, so nothing was saved yet. They now say, at entry and"
                f" exit – {theirs}. Your own are still below: bring the two together, then save again."
            )


class MeasuresForm(NumbersForm):
    """Entry and exit of everybody at once: `entry-<member>`, `exit-<member>`."""

    def __init__(self, data: Any = None, *, members: Sequence[Member]) -> None:
        super().__init__(data, members=members)
        for member in members:
            for end, value in (("entry", member.entry), ("exit", member.exit)):
                self.fields[f"{end}-{member.pk}"] = _number(f"{member.student.name}, at {end}", value)

    @property
    def rows(self) -> list[tuple[Member, forms.BoundField, forms.BoundField]]:
        return [(member, self[f"entry-{member.pk}"], self[f"exit-{member.pk}"]) for member in self.members]

    def measured(self) -> dict[UUID, Measured]:
        said = self.cleaned_data
        return {m.pk: (said[f"entry-{m.pk}"], said[f"exit-{m.pk}"]) for m in self.members}


def _said(value: Any) -> str:
    return "nothing" if value is None else f"{value.normalize():f}"


def mark_of_measures(members: Sequence[Member]) -> str:
    return mark_of(";".join(f"{m.pk}:{_said(m.entry)}:{_said(m.exit)}" for m in members))


class EvaluateForm(NumbersForm):
    """For each student an outcome, a few words and the exit measure; for the whole what worked, and what follows."""

    worked = forms.CharField(
        label="What worked, and what did not", max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "What you would do again, and what differently"}),
    )  # fmt: skip
    decision = forms.ChoiceField(
        label="What follows", choices=[(d.value, d.label) for d in Decision if d], widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, members: Sequence[Member], measure: str, typed: Fields) -> None:
        super().__init__(data, members=members, typed=typed)
        layout: list[Any] = []
        for member in members:
            names = [f"outcome-{member.pk}", f"exit-{member.pk}", f"words-{member.pk}"]
            self.fields[names[0]] = rating(f"{member.student.name}: how it went")
            self.fields[names[2]] = forms.CharField(
                label=f"{member.student.preferred_forename}: what changed", max_length=300, required=False
            )
            if measure:
                label = f"{member.student.preferred_forename} at exit: {measure}"
                self.fields[names[1]] = _number(label, member.exit)
            for name, value in ((names[0], member.outcome), (names[2], member.outcome_words)):
                self.initial.setdefault(name, value)
            told = [name for name in names[1:] if name in self.fields]
            bar = Field(names[0], wrapper_class="seg rating")
            layout.append(Div(bar, Div(*told, css_class="told"), css_class="one-outcome"))
        self.helper = plain_helper("opened_with", *layout, "worked", "decision")

    def said(self) -> dict[UUID, Said]:
        """member → what became of them, after `is_valid`."""
        given = self.cleaned_data
        return {
            m.pk: Said(given[f"outcome-{m.pk}"], given[f"words-{m.pk}"], given.get(f"exit-{m.pk}", m.exit))
            for m in self.members
        }
