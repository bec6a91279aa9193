"""The student's page before a 1:1, and the school's questions on it."""

import uuid
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from core.stale import StaleAwareForm
from tutoring.sessions.enums import Feeling
from tutoring.sessions.models import ReflectionSheet
from tutoring.sessions.reflection_models import MOST_QUESTIONS


class ReflectionForm(forms.Form):
    """A box for each question of the school, the one thing, how it is; all of it may stay empty, not everything."""

    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, sheet: ReflectionSheet) -> None:
        super().__init__(data, initial={"submission": uuid.uuid4()}, label_suffix="")
        self.questions = sheet.questions
        box: dict[str, Any] = {"required": False, "strip": True}
        for number, question in enumerate(self.questions):
            area = forms.Textarea(attrs={"rows": 3, "class": "form-control"})
            self.fields[f"said-{number}"] = forms.CharField(label=question, max_length=600, widget=area, **box)
        line = forms.Textarea(attrs={"rows": 2, "class": "form-control"})
        self.fields["wish"] = forms.CharField(label=sheet.wish, max_length=300, widget=line, **box)
        if sheet.asks_feeling:
            self.fields["feeling"] = forms.TypedChoiceField(
                label="How are things?", choices=Feeling.choices, coerce=int, empty_value=None, required=False,
                widget=forms.RadioSelect,
            )  # fmt: skip

    def clean_wish(self) -> str:
        """One line: it may become an agreement or a target, which are."""
        return " ".join(self.cleaned_data["wish"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(value for name, value in cleaned.items() if name != "submission"):
            raise forms.ValidationError("Nothing is written yet. Write what you like, or give the device back.")
        return cleaned

    @property
    def boxes(self) -> list[forms.BoundField]:
        """The questions and the one thing, in their order."""
        return [self[name] for name in (*(f"said-{n}" for n in range(len(self.questions))), "wish")]

    def words(self) -> dict[str, Any]:
        """What the service keeps, after `is_valid`: only what was answered."""
        said = [(q, self.cleaned_data[f"said-{n}"]) for n, q in enumerate(self.questions)]
        return {
            "asked": [question for question, text in said if text],
            "said": [text for _, text in said if text],
            "wish": self.cleaned_data["wish"],
            "feeling": self.cleaned_data.get("feeling"),
        }


class ReflectionSheetForm(StaleAwareForm):
    """Up to four questions, a line each; how the one thing is asked for; whether they are asked how they feel."""

    class Meta:
        model = ReflectionSheet
        fields = ("wish", "asks_feeling")
        labels: ClassVar[dict[str, str]] = {
            "wish": "The one thing they want to do",
            "asks_feeling": "Ask how things are, from “great” to “bad”",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "wish": "What they write here can be taken with one tick as something agreed in the 1:1.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in self._questions(self.instance).items():
            self.fields[name] = forms.CharField(
                label=f"Question {name[-1]}", max_length=160, required=False, initial=question
            )
        self.order_fields([*self._questions(self.instance), "wish", "asks_feeling", "opened_with"])
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.add_input(Submit("save", "Save the questions"))

    def _questions(self, sheet: ReflectionSheet) -> dict[str, str]:
        """Field → question, "" for rows still empty."""
        questions = [*sheet.questions, *[""] * MOST_QUESTIONS][:MOST_QUESTIONS]
        return {f"question_{number}": question for number, question in enumerate(questions, start=1)}

    def _values(self, row: Any) -> dict[str, str]:
        return super()._values(row) | self._questions(row)

    def clean(self) -> None:
        super().clean()
        asked = (self.cleaned_data.get(name, "") for name in self._questions(self.instance))
        self.instance.prompts = "\n".join(question for question in asked if question)
