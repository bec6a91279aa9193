"""The forms of an intervention: itself, and one student's days in it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Div, Field
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.drafts import Fields
from accounts.models import User
from core.stale import StaleAwareForm
from students.models import Student
from tutoring.interventions.models import Intervention, Member
from tutoring.plans.forms import plain_helper
from tutoring.plans.models import Barrier
from tutoring.sessions.steps import DayInput

FURTHEST = dt.timedelta(days=400)
WEEKS = dt.timedelta(weeks=6)


def typed_in(typed: Fields, several: Sequence[str] = ()) -> dict[str, Any]:
    """What a draft held, as initial values."""
    return {name: values if name in several else values[0] for name, values in typed.items() if values}


class InterventionForm(StaleAwareForm):
    """What it is, who runs it, from when to when, and how much of it; new, with the students that were picked."""

    helpers = forms.ModelMultipleChoiceField(
        User.objects.none(), label="Who helps", required=False, widget=forms.CheckboxSelectMultiple
    )
    students = forms.ModelMultipleChoiceField(
        Student.objects.none(), label="Students", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Intervention
        fields = ("name", "about", "barrier", "lead", "starts_on", "ends_on", "weekly", "minutes", "weeks", "measure")
        labels = {"name": "What it is called", "about": "What it is, and why", "barrier": "Which need it answers",
                  "lead": "Who leads it", "measure": "What you measure at entry and exit"}  # fmt: skip
        help_texts = {
            "about": "Whoever sees one of its students reads this: write of the group, not of one of them.",
            "measure": "One thing with a number, such as “reading age, years”. Empty if there is none.",
        }
        widgets = {
            "about": forms.Textarea(attrs={"rows": 3, "placeholder": "What happens in it, and why we think it helps"}),
            "starts_on": DayInput,
            "ends_on": DayInput,
        }

    def __init__(
        self, data: Any = None, *, instance: Intervention | None, staff: QuerySet[User], needs: QuerySet[Barrier],
        students: QuerySet[Student] | None, typed: Fields, begun: dict[str, Any],
    ) -> None:  # fmt: skip
        super().__init__(data, instance=instance)
        self.initial.update(begun | typed_in(typed, ("helpers", "students")))
        self.initial.setdefault("ends_on", timezone.localdate() + WEEKS)
        for name, rows in (("lead", staff), ("helpers", staff), ("barrier", needs), ("students", students)):
            offered: Any = self.fields[name]
            offered.queryset = rows
        need: Any = self.fields["barrier"]
        need.empty_label = "None of these"
        if instance is not None or not students:
            del self.fields["students"]
        picked = ["students"] if "students" in self.fields else []
        self.helper = plain_helper(
            "opened_with", "name", "about", "barrier", "lead", Field("helpers", template="interventions/_boxes.html"),
            Div("starts_on", "ends_on", css_class="when-where"),
            Div("weekly", "minutes", "weeks", css_class="when-where"), "measure",
            *[Field(name, template="interventions/_boxes.html") for name in picked],
        )  # fmt: skip

    def clean(self) -> None:
        super().clean()
        start, end = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if start and abs(start - timezone.localdate()) > FURTHEST:
            self.add_error("starts_on", "Is the year right?")
        elif start and end and not start < end <= start + FURTHEST:
            self.add_error("ends_on", "It ends after its first day, and within a year.")

    def fields_said(self) -> dict[str, Any]:
        """The columns of a new one, after `is_valid`."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class MemberForm(StaleAwareForm):
    """From when, and if they left before the end: when and why."""

    class Meta:
        model = Member
        fields = ("starts_on", "ends_on", "left_why")
        labels = {"ends_on": "Left early on", "left_why": "Why"}
        help_texts = {"ends_on": "Empty while they stay to the end.", "left_why": "One line others may read."}
        widgets = {"starts_on": DayInput, "ends_on": DayInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean(self) -> None:
        super().clean()
        start, left = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if left and start and left < start:
            self.add_error("ends_on", "That is before they began.")
        if left and not self.cleaned_data.get("left_why"):
            self.add_error("left_why", "Say in a line why they left.")
        if not left and self.cleaned_data.get("left_why"):
            self.add_error("ends_on", "On which day?")
