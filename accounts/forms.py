"""The school's name and the words it uses."""

from typing import ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms

from accounts.models import School
from core.stale import StaleAwareForm


class SchoolForm(StaleAwareForm):
    """Name, DfE number and the four words that differ between schools."""

    # Room for the slash that many write between the authority and the school.
    dfe_number = forms.CharField(
        max_length=9, required=False, label="DfE number",
        help_text="Local authority and establishment: seven digits, such as 9254001. May stay empty.",
    )  # fmt: skip

    class Meta:
        model = School
        fields = ("name", "dfe_number", "house_label", "tutor_group_label", "tutor_label", "senco_label")
        labels: ClassVar[dict[str, str]] = {
            "name": "Name of the school",
            "house_label": "A house is called",
            "tutor_group_label": "A tutor group is called",
            "tutor_label": "A tutor is called",
            "senco_label": "The SENCO is called",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "house_label": "House, alliance, college …",
            "tutor_group_label": "Tutor group, form, progress group …",
            "tutor_label": "Tutor, progress coach …",
            "senco_label": "SENCO, ALS manager …",
        }

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.render_hidden_fields = True
        helper.layout = Layout(
            Fieldset("The school", "name", "dfe_number"),
            Fieldset("The words you use", "house_label", "tutor_group_label", "tutor_label", "senco_label"),
        )
        helper.add_input(Submit("save", "Save"))
        return helper

    def clean_dfe_number(self) -> str:
        number: str = self.cleaned_data["dfe_number"].replace("/", "").replace(" ", "")
        if number and not (number.isascii() and number.isdigit() and len(number) == 7):
            raise forms.ValidationError("A DfE number has seven digits: three of the authority, four of the school.")
        return number

    def clean(self) -> None:
        super().clean()
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and name.endswith("_label") and not any(c.isalpha() for c in value):
                self.add_error(name, "Use a word: it stands on every page.")
