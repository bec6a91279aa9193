"""The filters over a list of students."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from accounts.models import School
from reports.needs.selectors import STATUSES
from students.enums import NEEDS_OF_AREA, NEEDS_OF_NO_AREA

Choices = Iterable[tuple[str, str]]


class FilterForm(forms.Form):
    """Every field may stay empty; what makes no sense counts as empty."""

    status = forms.ChoiceField(required=False, label="SEN status")
    need = forms.ChoiceField(required=False, label="Primary need")
    year = forms.ChoiceField(required=False)
    house = forms.ChoiceField(required=False)
    group = forms.ChoiceField(required=False)
    pupil_premium = forms.BooleanField(required=False, label="Pupil premium")
    eal = forms.BooleanField(required=False, label="EAL")
    looked_after = forms.BooleanField(required=False, label="Looked after")

    def __init__(
        self, data: Any, *, school: School, status: str, houses: Choices, years: Choices, groups: Choices
    ) -> None:
        super().__init__({"status": status} | {k: v for k, v in data.items() if v})
        self.fields["house"].label, self.fields["group"].label = school.house_label, school.tutor_group_label
        self._choose("status", [(key, words) for key, (words, _) in STATUSES.items()])
        self._choose("need", [("", "Any"), *_needs()])
        self._choose("year", [("", "Every year"), *years])
        self._choose("house", [("", f"Every {school.house_label.lower()}"), *houses])
        self._choose("group", [("", f"Every {school.tutor_group_label.lower()}"), *groups])
        self.full_clean()

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_method, helper.form_class, helper.disable_csrf = "get", "filters", True
        helper.add_input(Submit("", "Show", css_id="show"))
        return helper

    @property
    def filters(self) -> dict[str, Any]:
        """The filters in force, without the empty ones."""
        return {name: value for name, value in self.cleaned_data.items() if value}


def _needs() -> list[Any]:
    """One list: each area with all of it first, then its needs."""
    areas = []
    for area, needs in NEEDS_OF_AREA.items():
        whole = (f"area-{area.value}", f"All of {area.label[0].lower()}{area.label[1:]}")
        areas.append((area.label, [whole, *((need.value, need.label) for need in needs)]))
    return [*areas, ("Other", [(n.value, n.label) for n in NEEDS_OF_NO_AREA] + [("none", "No need noted")])]
