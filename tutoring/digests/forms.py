"""What somebody at home chose."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from students.languages import languages_offered
from tutoring.digests.enums import Rhythm
from tutoring.digests.models import DigestChoice


class ChoiceForm(forms.Form):
    """How often, and the language they read best; `able` is False where nobody may write to them."""

    rhythm = forms.ChoiceField(label="The mail comes", choices=Rhythm.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label="Language they read best", choices=languages_offered,
        help_text="Mails to them are written in it, the English below. What you type yourself stays as you typed it.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, saved: DigestChoice | None, able: bool) -> None:
        kept = {"rhythm": saved.rhythm, "language": saved.language} if saved else {"rhythm": Rhythm.NONE}
        super().__init__(data, initial=kept)
        if not able:
            rhythm: Any = self.fields["rhythm"]
            rhythm.choices = [(Rhythm.NONE.value, Rhythm.NONE.label)]
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", "Save"))
