"""A tag of the school."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from accounts.models import School
from core.stale import StaleAwareForm
from tutoring.sessions.models import SessionTag
from tutoring.sessions.tags import tags_of


class SessionTagForm(StaleAwareForm):
    """The word, once and for all; and whether it is in use."""

    class Meta:
        model = SessionTag
        fields = ("name", "is_active")
        labels: ClassVar[dict[str, str]] = {"is_active": "In use"}
        help_texts: ClassVar[dict[str, str]] = {
            "name": "One or two words. It stays as it is: conversations carry it.",
            "is_active": "Retired, it is no longer offered; what carries it keeps it and is still found by it.",
        }

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.school = school
        self.fields["name"].disabled = not self.instance._state.adding
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.add_input(Submit("save", "Save the tag"))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if tags_of(self.instance.school).exclude(pk=self.instance.pk).filter(name__iexact=name).exists():
            raise forms.ValidationError("There is such a tag already.")
        return name
