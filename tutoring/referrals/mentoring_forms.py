"""Beginning a mentoring, saying it differently, and ending it."""

import datetime as dt
import uuid
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone

from accounts.models import User
from core.stale import StaleAwareForm
from tutoring.referrals.models import Mentoring
from tutoring.sessions.steps import DayInput

ASPIRATION = "What it is for, in the student’s own words"
CAME = [
    (words, words)
    for words in ("They got there", "Part of the way", "They want something else now", "Another mentor goes on with it")
]
STRENGTHS = "Strengths to build on"


def _helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.render_hidden_fields = True
    return helper


class BeginForm(forms.Form):
    """Who, from when, what for, and what the student brings."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    mentor = forms.ModelChoiceField(
        User.objects.none(), label="Mentor", empty_label="Choose",
        help_text="Everybody who teaches or looks after them. Somebody else is first given them, by whoever leads"
        " the student, under “Single students”: being a mentor shows nobody more.",
    )  # fmt: skip
    since = forms.DateField(label="From", widget=DayInput)
    aspiration = forms.CharField(
        label=ASPIRATION, max_length=300, help_text="“I want to be the first of us at college.”"
    )
    strengths = forms.CharField(label=STRENGTHS, max_length=300, required=False)

    def __init__(self, data: Any = None, *, people: list[User], taken: set[uuid.UUID]) -> None:
        """`people` may be chosen; `taken`: who mentors this student already."""
        super().__init__(data, initial={"submission": uuid.uuid4(), "since": timezone.localdate()})
        self.taken = taken
        field: Any = self.fields["mentor"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        field.choices = [("", "Choose"), *((person.pk, str(person)) for person in people)]
        self.helper = _helper()

    def clean_since(self) -> dt.date:
        since: dt.date = self.cleaned_data["since"]
        if since > timezone.localdate():
            raise forms.ValidationError("From today, or an earlier day.")
        return since

    def clean_mentor(self) -> User:
        mentor: User = self.cleaned_data["mentor"]
        if mentor.pk in self.taken:
            raise forms.ValidationError(f"{mentor} is a mentor of theirs already.")
        return mentor


class MentoringForm(StaleAwareForm):
    """Other words; who and since when stay."""

    class Meta:
        model = Mentoring
        fields = ("aspiration", "strengths")
        labels: ClassVar[dict[str, str]] = {"aspiration": ASPIRATION, "strengths": STRENGTHS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()


class EndForm(forms.Form):
    """What came of it."""

    words = forms.ChoiceField(label="What came of it", choices=[("", "Nothing to say"), *CAME], required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["words"].widget.attrs |= {"class": "form-select"}
