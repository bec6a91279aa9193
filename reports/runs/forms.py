"""Choosing the groups of a run."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.urls import reverse

from reports.runs.selectors import GroupChoice
from students.models import Term


class RunForm(forms.Form):
    """The groups to report on; the term stands in the address of the page and in a hidden field."""

    groups = forms.MultipleChoiceField(
        label="Groups", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one group."}
    )
    term = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Sequence[GroupChoice], term: Term, **kwargs: Any) -> None:
        kwargs["initial"] = {"term": term.pk, "groups": [str(c.group.pk) for c in choices]}
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.fields["groups"].choices = [(str(c.group.pk), _label(c)) for c in choices]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[GroupChoice]:
        """The groups ticked now, also while the form is only looked at."""
        ticked = {str(pk) for pk in (self["groups"].value() or [])}
        return [c for c in self.choices if str(c.group.pk) in ticked]

    @property
    def report_count(self) -> int:
        return sum(len(choice.students) for choice in self.chosen)

    @property
    def missing_count(self) -> int:
        """Students of the ticked groups whose comment is not written."""
        return sum(len(choice.missing) for choice in self.chosen)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {
            "hx-get": reverse("reports:run-start"),
            "hx-trigger": "change",
            "hx-params": "term,groups",
            "hx-target": "#run-button",
        }
        helper.layout = Layout(
            Field("groups", wrapper_class="run-groups"),
            "term",
            Div(HTML('{% include "reports/_run_button.html" %}'), css_id="run-button", css_class="run-button"),
        )
        return helper


def _label(choice: GroupChoice) -> str:
    students = f"{len(choice.students)} student{'s' if len(choice.students) != 1 else ''}"
    missing = len(choice.missing)
    if not missing:
        return f"{choice.group}: {students}, no comment missing"
    return f"{choice.group}: {students}, {missing} comment{'s' if missing != 1 else ''} missing"
