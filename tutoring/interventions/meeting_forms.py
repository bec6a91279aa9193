"""The form of one meeting: the day, the minutes, and a tick for each student."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils import timezone

from core.ids import UUID
from core.stale import StaleAwareForm
from tutoring.interventions.models import Member, Sitting
from tutoring.plans.forms import plain_helper
from tutoring.sessions.steps import DayInput


class MeetingForm(StaleAwareForm):
    """The day, the minutes, a line about the group, and for each student a tick `came-<member>`: all, unless said."""

    submission = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Sitting
        fields = ("held_on", "minutes", "note")
        labels = {"held_on": "Day", "note": "About the group"}
        help_texts = {"note": "Whoever sees one of its students reads this: no names."}
        widgets = {"held_on": DayInput}

    def __init__(
        self, data: Any = None, *, instance: Sitting | None, members: Sequence[Member], came: dict[UUID, bool],
        minutes: int,
    ) -> None:  # fmt: skip
        super().__init__(data, instance=instance)
        self.members, self.counted = members, came.keys()
        self.initial.setdefault("submission", uuid.uuid4())
        if instance is None:
            self.initial["minutes"] = minutes
        for member in members:
            self.fields[f"came-{member.pk}"] = forms.BooleanField(
                label=member.student.name, required=False, initial=came.get(member.pk, True),
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )  # fmt: skip
        when = Div("held_on", "minutes", css_class="when-where")
        self.helper = plain_helper("opened_with", "submission", when, "note")

    def clean_held_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")
        # What was counted for a student is never taken away, so a day they were not in it is refused.
        strangers = [m.student.name for m in self.members if m.pk in self.counted and not m.is_in_it_on(day)]
        if strangers:
            raise forms.ValidationError(
                f"Counted here, but not in it on that day: {', '.join(strangers)}. Keep it, or change theirs first."
            )
        return day

    @property
    def rows(self) -> list[forms.BoundField]:
        """A tick for each student, by name."""
        return [self[f"came-{member.pk}"] for member in self.members]

    def came(self) -> dict[Member, bool]:
        """Of those who were in it on that day, whether they came."""
        day = self.cleaned_data["held_on"]
        return {member: self.cleaned_data[f"came-{member.pk}"] for member in self.members if member.is_in_it_on(day)}

    def fields_said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
