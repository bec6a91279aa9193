"""What goes into a pack and from when, in the address; for whom it is, sent with the ticks and in no address."""

from collections.abc import Iterable
from typing import Any

from django import forms

from reports.packs.items import Part
from students.forms import DateInput
from tutoring.referrals.models import MeetingRecord

LONGEST = 300


class ChoiceForm(forms.Form):
    """Which parts, and of which days; all parts until somebody chooses."""

    parts = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="What goes in")
    since = forms.DateField(label="From", widget=DateInput())
    until = forms.DateField(label="To", widget=DateInput())

    def __init__(self, data: Any, *, parts: Iterable[Part], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["parts"].choices = [(part.key, part.title) for part in parts]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if {"since", "until"} <= cleaned.keys() and cleaned["since"] > cleaned["until"]:
            self.add_error("until", "The last day lies before the first.")
        return cleaned


class PackForm(forms.Form):
    """For whom: people in words, or those of a meeting on record."""

    people = forms.CharField(
        required=False, max_length=LONGEST, label="For whom", help_text="Names, or the meeting: it stands on the pack."
    )
    meeting = forms.ChoiceField(required=False, label="Or those who came to")

    def __init__(self, data: Any = None, *, meetings: Iterable[MeetingRecord], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.meetings = {str(meeting.pk): meeting for meeting in meetings}
        choices = [(key, f"{m.session.kind_name} on {m.session.held_on:%-d %B %Y}") for key, m in self.meetings.items()]
        self.fields["meeting"].choices = [("", "No meeting on record"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not (cleaned.get("people") or cleaned.get("meeting")):
            self.add_error("people", "Say for whom this pack is, or choose a meeting.")
        return cleaned

    @property
    def for_whom(self) -> str:
        """Of a valid form: the names as they stand on the pack."""
        meeting = self.meetings.get(self.cleaned_data["meeting"])
        named = [self.cleaned_data["people"], ", ".join(meeting.came) if meeting else ""]
        return "; ".join(part for part in named if part)
