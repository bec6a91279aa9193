"""The school's name, the words it uses and the hours of its mails."""

from typing import ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.core.validators import URLValidator

from accounts.models import School
from core.stale import StaleAwareForm


class SchoolForm(StaleAwareForm):
    """Name, DfE number, the words that differ between schools, when mails go, and what staff find beside a form."""

    # Room for the slash that many write between the authority and the school.
    dfe_number = forms.CharField(
        max_length=9, required=False, label="DfE number",
        help_text="Local authority and establishment: seven digits, such as 9254001. May stay empty.",
    )  # fmt: skip

    behaviour_policy = forms.URLField(
        max_length=300, required=False, label="Your behaviour policy", assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
        help_text="The address of its page. It stands where rewards, sanctions and warnings are entered.",
    )  # fmt: skip

    class Meta:
        model = School
        fields = ("name", "dfe_number", "house_label", "tutor_group_label", "handling_label",
                  "quiet_from", "quiet_until", "digest_at", "behaviour_policy", "boundaries", "new_weeks",
                  "plain_year")  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "name": "Name of the school",
            "house_label": "A house is called",
            "tutor_group_label": "A tutor group is called",
            "quiet_from": "No mail goes out from",
            "quiet_until": "until",
            "digest_at": "The weekly mail to families goes on Friday at",
            "handling_label": "A positive handling plan is called",
            "boundaries": "What you say before you listen",
            "new_weeks": "Weeks in which a new student is watched over",
            "plain_year": "What is agreed is to be easy to read in Year",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "house_label": "House, alliance, college …",
            "tutor_group_label": "Tutor group, form, progress group …",
            "handling_label": "Positive handling plan, PHP, safety plan …",
            "quiet_from": "In the evening, for example 19:00. At weekends no mail goes out at all.",
            "quiet_until": "In the morning, for example 07:00. What waited goes half an hour later.",
            "digest_at": "To those who chose it; what is not to go is left out before.",
            "boundaries": "Stands beside every 1:1 form. Empty: nothing is shown.",
            "plain_year": "Where it reads like a later year, a hint asks for shorter words. 8 suits most.",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            name: forms.TimeInput(format="%H:%M", attrs={"type": "time"})
            for name in ("quiet_from", "quiet_until", "digest_at")
        } | {"boundaries": forms.Textarea(attrs={"rows": 3})}

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.render_hidden_fields = True
        helper.layout = Layout(
            Fieldset("The school", "name", "dfe_number"),
            Fieldset("The words you use", "house_label", "tutor_group_label", "handling_label"),
            Fieldset("Students", "new_weeks", "plain_year"),
            Fieldset("Mails", "quiet_from", "quiet_until", "digest_at"),
            Fieldset("What staff find beside the form", "behaviour_policy", "boundaries"),
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
        begin, end, weekly = (self.cleaned_data.get(name) for name in ("quiet_from", "quiet_until", "digest_at"))
        if begin and end and begin <= end:
            self.add_error("quiet_from", "Quiet begins in the evening and ends in the morning.")
        elif begin and end and weekly and not end <= weekly < begin:
            self.add_error("digest_at", "This is in the quiet hours: no mail would go.")
