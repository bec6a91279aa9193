"""A stage of the ladder of warnings, as a school settles it."""

import re
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from accounts.enums import Role
from accounts.models import School
from accounts.permissions import Permission, roles_with
from core.stale import StaleAwareForm
from tutoring.followup.models import LETTER, WarningStage
from tutoring.followup.selectors import stages_of

PARAGRAPHS = 4
GAPS = ("{name}", "{stage}", "{reason}", "{until}")


class StageForm(StaleAwareForm):
    """Name, place, how long it stands, who may issue it, and the paragraphs of its letter."""

    roles = forms.MultipleChoiceField(
        label="Who may issue it",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Name at least one role: otherwise nobody can issue it."},
    )

    class Meta:
        model = WarningStage
        fields = ("name", "meaning", "position", "weeks", "roles", "is_active")
        labels: ClassVar[dict[str, str]] = {
            "meaning": "What it is for",
            "weeks": "Stands for (weeks)",
            "is_active": "In use",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "name": "Warnings given already carry a new name too. For another meaning, add a stage instead.",
            "meaning": "In plain words: when it is issued. It stands beside the field where staff choose.",
            "position": "Smaller numbers stand lower on the ladder.",
            "weeks": "Warnings given already keep their day.",
            "is_active": "A stage no longer in use stays on the warnings given with it.",
        }

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.school = school
        roles: Any = self.fields["roles"]
        roles.choices = [
            (role.value, school.called[role]) for role in Role if role in roles_with(Permission.ISSUE_WARNING)
        ]
        self.initial["meaning"] = self.instance.definition
        for name, text in self._paragraphs(self.instance).items():
            self.fields[name] = forms.CharField(
                label=f"Letter, paragraph {name[-1]}", max_length=450, required=False, initial=text
            )
        self.fields["paragraph_1"].help_text = f"May name {', '.join(GAPS)}."
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.add_input(Submit("save", "Save the stage"))

    def _paragraphs(self, stage: WarningStage) -> dict[str, str]:
        """Field → one line of the letter, "" for those still empty; they stand beside the text, to be looked at."""
        lines = [*(stage.letter or LETTER).splitlines(), *[""] * PARAGRAPHS][:PARAGRAPHS]
        return {f"paragraph_{number}": line for number, line in enumerate(lines, start=1)}

    def _values(self, row: Any) -> dict[str, str]:
        return super()._values(row) | self._paragraphs(row)

    def clean(self) -> None:
        super().clean()
        names = list(self._paragraphs(self.instance))
        for name in names:
            unknown = set(re.findall(r"\{[^{}]*\}", self.cleaned_data.get(name, ""))) - set(GAPS)
            if unknown:
                self.add_error(name, f"{', '.join(sorted(unknown))}: a letter knows {', '.join(GAPS)} only.")
        self.instance.letter = "\n".join(text for name in names if (text := self.cleaned_data.get(name, "")))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if stages_of(self.instance.school).exclude(pk=self.instance.pk).filter(name__iexact=name).exists():
            raise forms.ValidationError("There is a stage of that name already.")
        return name
