"""Something that can be in the way, as a school words it."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from accounts.models import School
from core.stale import StaleAwareForm
from tutoring.plans.models import Barrier
from tutoring.plans.selectors import barriers_listed


class BarrierForm(StaleAwareForm):
    """Words, area, place, and whether new plans are offered it."""

    class Meta:
        model = Barrier
        fields = ("name", "area", "position", "is_active")
        labels: ClassVar[dict[str, str]] = {"is_active": "Offered to new plans"}
        help_texts: ClassVar[dict[str, str]] = {
            "position": "Smaller numbers come first.",
            "is_active": "What is no longer offered stays on the plans that name it.",
        }

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.school = school
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.add_input(Submit("save", "Save"))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if barriers_listed(self.instance.school).exclude(pk=self.instance.pk).filter(name__iexact=name).exists():
            raise forms.ValidationError("This stands on the list already.")
        return name
