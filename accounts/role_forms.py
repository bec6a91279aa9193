"""What the school calls each role: a line a role, empty for Waymark's own word."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db import models

from accounts.enums import Role
from accounts.models import School
from accounts.selectors import reach_of
from core.stale import StaleAwareForm

LONGEST = {Role.TUTOR: 30, Role.SENCO: 30}


class RoleWordsForm(StaleAwareForm):
    """A field a role, named by it. Two roles may not have one name: nobody could tell who may do what."""

    class Meta:
        model = School
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in Role:
            self.fields[role.value] = forms.CharField(
                label=role.label, required=False, max_length=LONGEST.get(role, 60),
                help_text=f"Reaches {reach_of(role)}.",
            )  # fmt: skip
            self.initial[role.value] = self._values(self.instance)[role.value]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.add_input(Submit("save", "Save"))
        return helper

    @property
    def words(self) -> dict[str, str]:
        """Role → the school's word, "" for Waymark's own."""
        return {role.value: self.cleaned_data[role.value] for role in Role}

    def clean(self) -> None:
        super().clean()
        taken: dict[str, Role] = {}
        for role in Role:
            word = self.cleaned_data.get(role.value, "")
            if word and not any(letter.isalpha() for letter in word):
                self.add_error(role.value, "Use a word: it stands on every page.")
            first = taken.setdefault((word or role.label).casefold(), role)
            if first != role:
                self.add_error(role.value if word else first.value, f"“{word or role.label}” is another role already.")

    def _values(self, row: models.Model) -> dict[str, str]:
        """Role → the school's own word; "" where it uses Waymark's."""
        called = row.called  # type: ignore[attr-defined]
        return {role.value: "" if called[role] == role.label else str(called[role]) for role in Role}
