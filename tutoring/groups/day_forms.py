"""Days from which, or until which, something begins or ends: today or later, within a year."""

import datetime as dt

from django import forms
from django.utils import timezone

from students.forms import DateInput

FURTHEST = dt.timedelta(days=400)


def soon(day: dt.date) -> dt.date:
    """The day; what is past or too far away is refused in words, at the field that asks."""
    today = timezone.localdate()
    if not today <= day <= today + FURTHEST:
        raise forms.ValidationError("Today or later, and within a year.")
    return day


class EndForm(forms.Form):
    """Until which day."""

    last_day = forms.DateField(label="Last day", widget=DateInput())

    def clean_last_day(self) -> dt.date:
        return soon(self.cleaned_data["last_day"])
