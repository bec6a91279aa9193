"""Entering a reward or sanction for many, following it up, withdrawing it."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils import timezone

from students.models import Student
from tutoring.conduct.models import ConductType

FURTHEST_BACK = dt.timedelta(days=30)


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%d")


class KindIterator(forms.models.ModelChoiceIterator):  # type: ignore[type-arg]
    """The list under two headings, rewards first."""

    def __iter__(self) -> Any:
        yield "", "Choose …"
        kinds = list(self.queryset)
        for label, is_reward in (("Rewards", True), ("Sanctions", False)):
            yield label, [(kind.pk, _with_points(kind)) for kind in kinds if kind.is_reward == is_reward]


class KindField(forms.ModelChoiceField):  # type: ignore[type-arg]
    iterator = KindIterator


def _with_points(kind: ConductType) -> str:
    sign = "+" if kind.is_reward else "−"
    return f"{kind.name} ({sign}{kind.points})" + (f", {kind.house}" if kind.house else "")


class EntryForm(forms.Form):
    """What it is, when, a few words, and for whom: those ticked, or everybody in the list."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    kind = KindField(
        queryset=ConductType.objects.none(),
        label="Reward or sanction",
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "Choose what it is."},
    )
    day = forms.DateField(label="Day", widget=DayInput)
    comment = forms.CharField(
        label="What for",
        max_length=500,
        required=False,
        help_text="The same words stand with each of them, so name nobody else.",
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    everybody = forms.BooleanField(
        label="Everybody in this list", required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
    students = forms.ModelMultipleChoiceField(
        queryset=Student.objects.none(),
        required=False,
        error_messages={"invalid_choice": "Somebody you ticked is not in your reach any more. Look at the list again."},
    )

    def __init__(
        self,
        data: Any,
        *,
        kinds: QuerySet[ConductType],
        reach: QuerySet[Student],
        listed: list[Student],
        ticked: list[Student],
        typed: dict[str, Any] | None = None,
    ) -> None:
        """`ticked`: whose boxes are ticked, also of those who are not `listed`; `typed`: what stood there before."""
        usual = {"submission": uuid.uuid4(), "day": timezone.localdate()}
        super().__init__(data, initial=usual | (typed or {}))
        self.listed, self.ticked = listed, {student.pk for student in ticked}
        self.others = [student for student in ticked if student not in listed]
        chosen: Any = self.fields["students"]
        chosen.queryset = reach
        kind: Any = self.fields["kind"]
        kind.queryset = kinds

    @property
    def rows(self) -> Iterable[tuple[Student, bool]]:
        """Everybody in the list, and whether they are ticked."""
        return [(student, student.pk in self.ticked) for student in self.listed]

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        today = timezone.localdate()
        if not today - FURTHEST_BACK <= day <= today:
            raise forms.ValidationError("Today, or a day of the last month.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = list(cleaned.get("students") or [])
        more = self.listed if cleaned.get("everybody") else []
        for_whom = list({student.pk: student for student in [*chosen, *more]}.values())
        if not for_whom and "students" not in self.errors:
            self.add_error("students", "Tick at least one student.")
        cleaned["for_whom"] = for_whom
        return cleaned


class SentenceForm(forms.Form):
    """One line, with the words for what it is asked."""

    words = forms.CharField(widget=forms.TextInput(attrs={"class": "form-control"}))

    def __init__(self, data: Any = None, *, label: str, longest: int, missing: str) -> None:
        super().__init__(data)
        words: Any = self.fields["words"]
        words.label, words.error_messages["required"] = label, missing
        words.max_length = longest
        words.validators.append(MaxLengthValidator(longest))
        words.widget.attrs["maxlength"] = longest


def follow_up_form(data: Any = None) -> SentenceForm:
    return SentenceForm(data, label="What came of it", longest=500, missing="Write a sentence: what came of it.")


def withdraw_form(data: Any = None) -> SentenceForm:
    return SentenceForm(data, label="Why", longest=300, missing="Say why: it stands in the history.")
