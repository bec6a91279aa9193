"""The forms of single students: whom, from which day, until when; found by name and ticked."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Membership
from students.forms import DateInput
from students.models import Student
from students.selectors import students_matching
from tutoring.groups.day_forms import soon
from tutoring.groups.singly import Giving

FOUND, AT_ONCE = 40, 60


class GiveForm(forms.Form):
    """Students found by name; those ticked stay while another name is looked for."""

    q = forms.CharField(
        label="Find by name",
        required=False,
        max_length=60,
        help_text="Whoever is ticked stays ticked while you look on.",
    )
    students = forms.ModelMultipleChoiceField(
        Student.objects.none(), label="Students", error_messages={"required": "Find and tick at least one student."}
    )
    first_day = forms.DateField(label="First day", widget=DateInput())
    last_day = forms.DateField(
        label="Last day", widget=DateInput(), required=False, help_text="Empty: until somebody ends it."
    )

    def __init__(self, data: Any = None, *, students: QuerySet[Student]) -> None:
        super().__init__(data, initial={"first_day": timezone.localdate()})
        field: Any = self.fields["students"]
        field.queryset = self.mine = students

    def offered(self) -> list[tuple[Student, bool]]:
        """Whom to show, and whether ticked: first those ticked, then those whom the typed name finds."""
        ticked = self._ticked()
        text = str(self.data.get("q", "")).replace("\0", "")[:60]
        found = students_matching(self.mine, text).order_by("sort_name", "pk") if text.strip() else self.mine.none()
        others = found.exclude(pk__in=[student.pk for student in ticked])[:FOUND]
        return [(student, True) for student in ticked] + [(student, False) for student in others]

    def _ticked(self) -> list[Student]:
        field: Any = self.fields["students"]
        try:
            return list(field.clean(self["students"].data or []).order_by("sort_name", "pk")[:AT_ONCE])
        except forms.ValidationError:
            return []

    def clean_students(self) -> QuerySet[Student]:
        chosen: QuerySet[Student] = self.cleaned_data["students"]
        if len(chosen) > AT_ONCE:
            raise forms.ValidationError(f"No more than {AT_ONCE} at once.")
        return chosen

    def clean_first_day(self) -> dt.date:
        return soon(self.cleaned_data["first_day"])

    def clean_last_day(self) -> dt.date | None:
        return soon(self.cleaned_data["last_day"]) if self.cleaned_data["last_day"] else None

    def clean(self) -> None:
        super().clean()
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day is before the first.")

    def giving(self, to: Membership) -> Giving:
        """What the form says, once it is valid."""
        said = self.cleaned_data
        return Giving(to, list(said["students"].order_by("sort_name", "pk")), said["first_day"], said["last_day"])
