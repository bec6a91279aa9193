"""The form of a line manager: who, from which day, until when."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils import timezone

from accounts.models import User
from accounts.selectors import people_of
from students.forms import DateInput
from tutoring.groups.day_forms import soon


class LineForm(forms.Form):
    """Everybody who works at the school can be one, but for the person themselves."""

    manager: Any = forms.ModelChoiceField(User.objects.none(), label="Line manager", empty_label="Choose a colleague")
    starts_on = forms.DateField(label="First day", widget=DateInput())
    ends_on = forms.DateField(
        label="Last day", widget=DateInput(), required=False, help_text="Empty: until somebody ends it."
    )

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, initial={"starts_on": timezone.localdate()})
        field: Any = self.fields["manager"]
        field.queryset = people_of(person.school).exclude(pk=person.pk) if person.school else User.objects.none()
        self.helper = FormHelper()
        self.helper.layout = Layout("manager", Div("starts_on", "ends_on", css_class="when-where"))
        self.helper.add_input(Submit("save", "Name them"))

    def clean_starts_on(self) -> dt.date:
        return soon(self.cleaned_data["starts_on"])

    def clean_ends_on(self) -> dt.date | None:
        return soon(self.cleaned_data["ends_on"]) if self.cleaned_data["ends_on"] else None
