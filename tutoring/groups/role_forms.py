"""The form of a role for a member of staff: which, for which houses or years, from which day."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone

from accounts.enums import Role
from accounts.models import House, School
from accounts.reach_words import KEY_STAGES, years_in_words
from students.forms import DateInput
from tutoring.groups.day_forms import soon
from tutoring.groups.models import TutorGroup
from tutoring.groups.roles import ENDED_ALREADY, RoleLine

USUAL = range(7, 14)


class RoleForm(forms.Form):
    """`years` takes single years and whole key stages, in any mixture."""

    role = forms.ChoiceField(label="Role")
    houses: Any = forms.ModelMultipleChoiceField(
        queryset=House.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    years = forms.MultipleChoiceField(
        label="Years", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Nothing ticked: all, for roles of the whole school.",
    )  # fmt: skip
    starts_on = forms.DateField(label="First day", widget=DateInput())

    def __init__(self, data: Any = None, *, school: School) -> None:
        super().__init__(data, initial={"starts_on": timezone.localdate()})
        role: Any = self.fields["role"]
        role.choices = [("", "Choose a role"), *school.called.items()]
        houses: Any = self.fields["houses"]
        houses.queryset, houses.label = House.objects.filter(school=school), school.house_label
        years: Any = self.fields["years"]
        years.choices = _years_of(school)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", "Give the role"))

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])

    def clean_years(self) -> list[int]:
        years: set[int] = set()
        for told in self.cleaned_data["years"]:
            years |= set(KEY_STAGES[int(told[2:])]) if told.startswith("ks") else {int(told)}
        return sorted(years)

    def clean_starts_on(self) -> dt.date:
        return soon(self.cleaned_data["starts_on"])


class RolesEndForm(forms.Form):
    """Which lines of somebody's roles end now: one, several or all in one choice; `asked` is ticked already."""

    roles = forms.MultipleChoiceField(
        label="Ends now",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one.", "invalid_choice": f"{ENDED_ALREADY} Nothing was changed."},
    )

    def __init__(self, data: Any = None, *, lines: list[RoleLine], asked: str = "") -> None:
        ticked = [str(line.first.pk) for line in lines if len(lines) == 1 or str(line.first.pk) == asked]
        super().__init__(data, initial={"roles": ticked})
        roles: Any = self.fields["roles"]
        roles.choices = [(str(line.first.pk), _line_in_words(line)) for line in lines]
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", "End now"))


def _line_in_words(line: RoleLine) -> str:
    singly = f"{line.singly} single student{'s' if line.singly > 1 else ''}" if line.singly else ""
    return " · ".join(filter(None, (line.called, line.places, *line.groups, singly)))


def _years_of(school: School) -> list[tuple[str, str]]:
    """Key stages first, then years: those of a secondary school, and others that have a tutor group."""
    groups = TutorGroup.objects.filter(school=school, year_group__isnull=False)
    years = sorted({*USUAL, *(year for year in groups.values_list("year_group", flat=True) if year)})
    stages = [(f"ks{n}", f"Key stage {n}: {years_in_words(of)}") for n, of in KEY_STAGES.items() if {*of} & {*years}]
    return [*stages, *((str(year), f"Year {year}") for year in years)]
