"""A kind of conversation, as a school settles it."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from accounts.models import School
from core.stale import StaleAwareForm
from tutoring.sessions.models import SessionKind
from tutoring.sessions.selectors import kinds_of


class SessionKindForm(StaleAwareForm):
    """Name, what it is, whether it counts, its prompts and its place; what it is stays once sessions may have it."""

    class Meta:
        model = SessionKind
        fields = ("name", "kind", "counts", "prompts", "position", "is_active")
        widgets: ClassVar[dict[str, forms.Widget]] = {"prompts": forms.Textarea(attrs={"rows": 5})}
        labels: ClassVar[dict[str, str]] = {"counts": "Counts as seen this term", "is_active": "In use"}
        help_texts: ClassVar[dict[str, str]] = {
            "kind": "What Waymark takes it for: who may log it, and whether it reaches home.",
            "prompts": "One a line. They stand beside the text, to be looked at and not to be filled in.",
            "position": "Smaller numbers come first.",
            "is_active": "A kind no longer in use stays on what was logged with it.",
        }

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.school = school
        self.fields["kind"].disabled = not self.instance._state.adding
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.add_input(Submit("save", "Save the kind"))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if kinds_of(self.instance.school).exclude(pk=self.instance.pk).filter(name__iexact=name).exists():
            raise forms.ValidationError("There is a kind of that name already.")
        return name
