"""What the record is searched by."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from accounts.models import School
from reports.record.actions import Kind
from tutoring.sessions.steps import DayInput


class SearchForm(forms.Form):
    """Every field may stay empty. The student comes by key, so that no name stands in an address."""

    person = forms.ChoiceField(required=False, label="Who")
    kind = forms.ChoiceField(required=False, label="What", choices=[("", "Anything"), *Kind.choices])
    start = forms.DateField(required=False, label="From", widget=DayInput)
    end = forms.DateField(required=False, label="Until", widget=DayInput)
    student = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, school: School) -> None:
        super().__init__({name: value for name, value in data.items() if value})
        staff = [(str(user.pk), f"{user.last_name}, {user.first_name}") for user in school.staff.all()]
        self.fields["person"].choices = [("", "Anybody"), *staff]  # type: ignore[attr-defined]
        self.full_clean()

    def clean_end(self) -> dt.date | None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data["end"]
        if start and end and end < start:
            raise forms.ValidationError("This day lies before From. Choose the same day or a later one.")
        return end  # type: ignore[no-any-return]

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

    @property
    def address(self) -> dict[str, str]:
        """The same as an address and the record hold them."""
        return {name: str(value) for name, value in self.filters.items()}


class StudentForm(forms.Form):
    """A name, sent by POST: names do not belong into addresses and their logs."""

    name = forms.CharField(label="A student, by name", max_length=100, required=False)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "filters"
        helper.add_input(Submit("", "Find", css_id="find-student", css_class="btn-secondary"))
        return helper
