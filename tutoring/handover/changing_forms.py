"""The form of another tutor for a group: who goes, who comes, from which day."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone

from tutoring.groups.models import TutorAssignment, TutorGroup
from tutoring.handover.changing import Change, tutors_to_choose
from tutoring.sessions.steps import DayInput

FURTHEST = dt.timedelta(days=400)


class ChangeForm(forms.Form):
    """Who goes, who comes, from which day."""

    old: Any = forms.ModelChoiceField(
        queryset=None, required=False, label="Who goes", empty_label="Nobody: somebody joins"
    )
    to: Any = forms.ModelChoiceField(queryset=None, required=False, label="Who comes", empty_label="Nobody yet")
    first_day = forms.DateField(
        label="From which day",
        widget=DayInput,
        help_text="The first day of whoever comes. Whoever goes sees the students up to the day before.",
    )

    def __init__(self, data: Any = None, *, group: Any) -> None:
        self.group: TutorGroup = group
        tutors = group.tutors
        today = timezone.localdate()
        super().__init__(
            data, initial={"old": tutors[0] if len(tutors) == 1 else None, "first_day": _next_monday(today)}
        )
        old: Any = self.fields["old"]
        to: Any = self.fields["to"]
        old.queryset = TutorAssignment.objects.filter(pk__in=[assignment.pk for assignment in tutors]).select_related(
            "membership__user"
        )
        old.label_from_instance = _person
        to.queryset = tutors_to_choose(group.school, today)
        to.label_from_instance = _person
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_first_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["first_day"]
        today = timezone.localdate()
        if not today <= day <= today + FURTHEST:
            raise forms.ValidationError("Today or later, and not further away than the next school year.")
        return day

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not said.get("old") and not said.get("to"):
            raise forms.ValidationError("Choose who goes, who comes, or both.")
        if said.get("old") and said.get("to") and said["old"].membership_id == said["to"].pk:
            raise forms.ValidationError("That is the same person.")
        return said

    def change(self) -> Change:
        """What the form says, once it is valid."""
        said = self.cleaned_data
        return Change(self.group, said["old"], said["to"], said["first_day"])


def _person(link: Any) -> str:
    """Of an assignment, or of a membership."""
    return str(getattr(link, "membership", link).user)


def _next_monday(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=7 - day.weekday())
