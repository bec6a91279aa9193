"""The forms of a warning: issuing it, what the student says, an appeal, its outcome."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone

from accounts.drafts import OpenForm
from core.ids import UUID
from core.stale import mark_of
from tutoring.followup.models import Warning, WarningStage
from tutoring.sessions.steps import DayInput

FURTHEST_BACK = dt.timedelta(days=60)
LONGEST = 3_000


def box(label: str, *, rows: int = 4, required: bool = True, **more: Any) -> forms.CharField:
    """Room for some sentences; each form here keeps a draft."""
    widget = forms.Textarea(attrs={"rows": rows, "placeholder": more.pop("placeholder", "")})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, required=required, **more)


class DraftedForm(forms.Form):
    """Begins with what a draft held; the page brings the form's own tag and token."""

    def __init__(self, data: Any = None, *, draft: OpenForm, initial: dict[str, Any] | None = None) -> None:
        typed = {name: values[0] for name, values in draft.fields.items() if values}
        super().__init__(data, initial=(initial or {}) | typed)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class IssueForm(DraftedForm):
    """Which stage, why, and what the student says to it. Stages of others are listed beside, not offered."""

    stage = forms.ModelChoiceField(
        queryset=WarningStage.objects.none(), widget=forms.RadioSelect, label="Stage", empty_label=None
    )
    reason = box(
        "Reason",
        placeholder="What happened, when and where, as you would say it with the student and home at the table",
        error_messages={"required": "Say why: it stands in the letter."},
    )
    student_response = box("What the student says to it", rows=2, required=False, help_text="You can add it later.")
    issued_on = forms.DateField(label="Day", widget=DayInput)

    def __init__(self, data: Any = None, *, draft: OpenForm, stages: list[WarningStage], allowed: set[UUID]) -> None:
        super().__init__(data, draft=draft, initial={"issued_on": timezone.localdate()})
        field: Any = self.fields["stage"]
        # The service refuses a stage that is not this person's, in words; so all are known here and some are offered.
        field.queryset = WarningStage.objects.filter(pk__in=[stage.pk for stage in stages])
        field.choices = [(s.pk, f"{s}, stands for {s.weeks} weeks") for s in stages if s.pk in allowed]

    def clean_issued_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["issued_on"]
        today = timezone.localdate()
        if not today - FURTHEST_BACK <= day <= today:
            raise forms.ValidationError("A warning is issued today, or was within the last two months.")
        return day


class ResponseForm(DraftedForm):
    """The student's own words, as said or written by them."""

    words = box("What the student says to it, in their own words", rows=5, required=False)
    opened_with = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, draft: OpenForm, warning: Warning) -> None:
        said = warning.student_response
        super().__init__(data, draft=draft, initial={"words": said, "opened_with": mark_of(said)})


class AppealForm(DraftedForm):
    """Why the student or home appeals."""

    words = box("Why they appeal, and who says so", rows=5)

    def __init__(self, data: Any = None, *, draft: OpenForm, warning: Warning) -> None:
        super().__init__(data, draft=draft)


class DecideForm(DraftedForm):
    """Whether the warning stands, and why."""

    outcome = forms.ChoiceField(
        label="Outcome",
        choices=[("stands", "The warning stands"), ("lifted", "The warning is lifted, from today")],
        widget=forms.RadioSelect,
    )
    words = box("What was decided, and why", rows=5)

    def __init__(self, data: Any = None, *, draft: OpenForm, warning: Warning) -> None:
        super().__init__(data, draft=draft)
