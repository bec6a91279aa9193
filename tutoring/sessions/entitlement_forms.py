"""The school's rule, and leaving one student out of it."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from core.stale import StaleAwareForm
from tutoring.sessions.models import Entitlement, Exemption
from tutoring.sessions.steps import DayInput

YEARS = [(year, f"Year {year}") for year in range(7, 15)]


class EntitlementForm(StaleAwareForm):
    """How often a term, and which years not at all."""

    exempt_years = forms.TypedMultipleChoiceField(
        label="Years that are exempt", choices=YEARS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Entitlement
        fields = ("per_term", "exempt_years")
        labels: ClassVar[dict[str, str]] = {"per_term": "Each student is seen so often each term"}
        help_texts: ClassVar[dict[str, str]] = {"per_term": "Of the kinds that count, each term anew."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.add_input(Submit("save", "Save the rule"))


class ExemptionForm(StaleAwareForm):
    """Why somebody is left out, and until when."""

    class Meta:
        model = Exemption
        fields = ("reason", "ends_on")
        widgets: ClassVar[dict[str, forms.Widget]] = {"ends_on": DayInput()}
        labels: ClassVar[dict[str, str]] = {"reason": "Why", "ends_on": "Until"}
        help_texts: ClassVar[dict[str, str]] = {
            "reason": "Read by everybody who reads the team’s notes: a line without private things.",
            "ends_on": "Leave empty where there is no day yet.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
