"""An entry of the directory and a named person in it, as a school words them."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from accounts.models import School
from core.stale import StaleAwareForm
from tutoring.referrals.models import Agency, AgencyContact
from tutoring.referrals.selectors import agencies_of


class AgencyForm(StaleAwareForm):
    """Name, inside or outside, what they help with, who can be referred, how."""

    class Meta:
        model = Agency
        fields = ("name", "place", "helps_with", "eligible", "how_to_refer", "is_active")
        labels: ClassVar[dict[str, str]] = {"place": "Where", "is_active": "In use"}
        help_texts: ClassVar[dict[str, str]] = {
            "helps_with": "In words a new colleague understands; the search looks here too.",
            "eligible": "Age, area, agreement: whom they take.",
            "is_active": "One no longer in use stays on the referrals made to it.",
        }

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.school = school
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.add_input(Submit("save", "Save"))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if agencies_of(self.instance.school).exclude(pk=self.instance.pk).filter(name__iexact=name).exists():
            raise forms.ValidationError("This stands in the directory already.")
        return name


class ContactForm(StaleAwareForm):
    """A named person at an agency, and how to reach them."""

    class Meta:
        model = AgencyContact
        fields = ("name", "role", "phone", "email", "is_active")
        labels: ClassVar[dict[str, str]] = {"email": "E-mail", "is_active": "Still there"}

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.agency = agency
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.add_input(Submit("save", "Save"))
