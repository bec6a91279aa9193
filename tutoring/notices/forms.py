"""When mails come."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from accounts.enums import Mails
from accounts.models import User
from accounts.quiet_hours import is_quiet_at


class MailsForm(forms.Form):
    """How often, and for the mail of the day at what hour."""

    mails = forms.ChoiceField(label="Mails come", choices=Mails.choices, widget=forms.RadioSelect)
    mails_at = forms.TimeField(
        label="The mail of the day comes at",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text="From then on, within five minutes. Not on days without school.",
    )

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, initial={"mails": person.mails, "mails_at": person.mails_at})
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", "Save"))

    def clean_mails_at(self) -> dt.time:
        at: dt.time = self.cleaned_data["mails_at"]
        if is_quiet_at(at):
            raise forms.ValidationError("This is in your school’s quiet hours: no mail would come.")
        return at
