"""Forms that notice when somebody else has saved the same row since they were opened: nothing is overwritten unseen."""

import hashlib
from typing import Any

from django import forms
from django.db import models
from django.http import HttpResponse
from django.utils.functional import cached_property


def mark_of(text: str) -> str:
    """A short mark that changes when the text does."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class StaleAwareForm(forms.ModelForm):  # type: ignore[type-arg]
    """Carries a mark of what the row said when the form was opened.

    Where the row says something else by now, the form is refused once: the page shows their words beside one's own,
    and sending it again is a choice. The row is locked until the request ends, so of two at one moment one is refused.
    """

    class Meta:
        fields: tuple[str, ...] = ()

    opened_with = forms.CharField(required=False, widget=forms.HiddenInput)
    is_stale = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened_with"] = "" if self.instance._state.adding else self._mark(self.instance)

    @cached_property
    def changed_data(self) -> list[str]:
        """The fields that a person changed."""
        return [name for name in super().changed_data if name != "opened_with"]

    def clean(self) -> None:
        super().clean()
        opened_with = self.cleaned_data.pop("opened_with", "")
        if self.instance._state.adding or not opened_with:
            return
        row = type(self.instance)._base_manager.select_for_update(no_key=True).get(pk=self.instance.pk)
        if self._mark(row) != opened_with:
            self._refuse(row)

    def _refuse(self, row: models.Model) -> None:
        self.is_stale = True
        renewed: Any = self.data
        self.data = renewed = renewed.copy()
        renewed[self.add_prefix("opened_with")] = self._mark(row)
        theirs = "; ".join(f"{self.fields[name].label}: “{value}”" for name, value in self._values(row).items())
        self.add_error(
            None,
            f"Somebody else changed this while you wrote, so nothing was saved yet. It now says – {theirs}. Your own"
            " words are still here: bring the two together, then save again.",
        )

    def _values(self, row: models.Model) -> dict[str, str]:
        """What the row says in the form's own fields, as the form would show it."""
        bound = {name: self.fields[name].prepare_value(getattr(row, name)) for name in self._meta.fields or ()}
        return {name: "" if value is None else str(value) for name, value in bound.items()}

    def _mark(self, row: models.Model) -> str:
        return mark_of("\x1f".join(self._values(row).values()))


class StaleAwareMixin:
    """For the view of a StaleAwareForm: 409 says that the row has changed."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """A hook of Django's."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if form.is_stale:
            response.status_code = 409
        return response
