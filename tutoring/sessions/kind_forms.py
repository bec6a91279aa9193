"""A kind of conversation, as a school settles it."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from accounts.models import School
from core.stale import StaleAwareForm
from tutoring.sessions.models import SessionKind
from tutoring.sessions.selectors import kinds_of

MOST_PROMPTS = 6


class SessionKindForm(StaleAwareForm):
    """Name, what it is, whether it counts, its prompts and its place; what it is stays once sessions may have it."""

    class Meta:
        model = SessionKind
        fields = ("name", "kind", "counts", "position", "is_active")
        labels: ClassVar[dict[str, str]] = {"counts": "Counts as seen this term", "is_active": "In use"}
        help_texts: ClassVar[dict[str, str]] = {
            "kind": "What Waymark takes it for: who may log it, and whether it reaches home.",
            "position": "Smaller numbers come first.",
            "is_active": "A kind no longer in use stays on what was logged with it.",
        }

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.school = school
        self.fields["kind"].disabled = not self.instance._state.adding
        for name, question in self._prompts(self.instance).items():
            self.fields[name] = forms.CharField(
                label=f"Prompt {name[-1]}", max_length=200, required=False, initial=question
            )
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.add_input(Submit("save", "Save the kind"))

    def _prompts(self, kind: SessionKind) -> dict[str, str]:
        """Field → one line of the prompts, "" for rows still empty; they stand beside the text, to be looked at."""
        questions = [*kind.questions, *[""] * MOST_PROMPTS][:MOST_PROMPTS]
        return {f"prompt_{number}": question for number, question in enumerate(questions, start=1)}

    def _values(self, row: Any) -> dict[str, str]:
        return super()._values(row) | self._prompts(row)

    def clean(self) -> None:
        super().clean()
        prompts = (self.cleaned_data.get(name, "") for name in self._prompts(self.instance))
        self.instance.prompts = "\n".join(prompt for prompt in prompts if prompt)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if kinds_of(self.instance.school).exclude(pk=self.instance.pk).filter(name__iexact=name).exists():
            raise forms.ValidationError("There is a kind of that name already.")
        return name
