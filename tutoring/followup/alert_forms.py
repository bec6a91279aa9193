"""The forms of an alert: raising it, answering it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.drafts import OpenForm
from accounts.models import User
from tutoring.followup.forms import DraftedForm, box
from tutoring.sessions.steps import DayInput

FURTHEST = dt.timedelta(days=60)


class AlertForm(DraftedForm):
    """To whom, what, what would help, and by when an answer is needed."""

    to = forms.ModelChoiceField(queryset=User.objects.none(), label="To", empty_label=None)
    what = box("What worries you", placeholder="What you have seen or heard, and since when")
    recommendation = box("What I think would help", rows=2)
    answer_by = forms.DateField(label="Answer by", widget=DayInput)

    def __init__(self, data: Any = None, *, draft: OpenForm, people: list[User], answer_by: dt.date) -> None:
        super().__init__(data, draft=draft, initial={"answer_by": answer_by})
        field: Any = self.fields["to"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        field.choices = [(person.pk, _called(person)) for person in people]

    def clean_answer_by(self) -> dt.date:
        day: dt.date = self.cleaned_data["answer_by"]
        today = timezone.localdate()
        if not today <= day <= today + FURTHEST:
            raise forms.ValidationError("Today or later, and within two months.")
        return day


def _called(person: User) -> str:
    """Whoever manages the one who writes says so: they stand first."""
    return f"{person}, your line manager" if vars(person).get("leads_me") else str(person)


class AnswerForm(DraftedForm):
    """What is done about it."""

    answer = box("Your answer", placeholder="What you decided, who does it, and when")

    def __init__(self, data: Any = None, *, draft: OpenForm) -> None:
        super().__init__(data, draft=draft)
