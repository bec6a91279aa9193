"""Terms and closures as a person types them, and what must be true of their dates."""

import datetime as dt
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.formats import date_format

from accounts.models import School
from core.stale import StaleAwareForm
from students.models import Closure, Term
from students.selectors import closures_of, term_on, terms_of


class DateInput(forms.DateInput):
    """The browser's own date field, which wants its value as 2026-11-24."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TermForm(StaleAwareForm):
    """One term with its half-term break; terms of a school never overlap."""

    class Meta:
        model = Term
        fields = ("year", "name", "starts_on", "ends_on", "break_starts_on", "break_ends_on")
        widgets: ClassVar[dict[str, forms.Widget]] = {
            name: DateInput() for name in ("starts_on", "ends_on", "break_starts_on", "break_ends_on")
        }
        labels: ClassVar[dict[str, str]] = {"year": "Academic year starting in", "name": "Term"}
        help_texts: ClassVar[dict[str, str]] = {
            "year": "2026 for the academic year 2026/27",
            "starts_on": "The first day on which students are expected",
            "ends_on": "The last day on which students are expected",
            "break_starts_on": "Leave both empty where there is no half-term break",
        }

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.school = school
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", "Save the term"))

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not 2000 <= year <= 2100:
            raise forms.ValidationError("Give the year in four figures, such as 2026.")
        return year

    def clean(self) -> None:
        super().clean()
        self._check_order()
        self._check_break()
        if not self.errors:
            self._check_other_terms()

    def _check_order(self) -> None:
        year, start, end = (self.cleaned_data.get(name) for name in ("year", "starts_on", "ends_on"))
        if start and end and end <= start:
            self.add_error("ends_on", "The last day must come after the first day.")
        if year and start and not dt.date(year, 8, 1) <= start <= dt.date(year + 1, 7, 31):
            self.add_error("starts_on", f"The academic year {year}/{(year + 1) % 100:02d} runs from August to July.")
        if start and end and (end - start).days > 200:
            self.add_error("ends_on", "A term is never longer than 200 days.")

    def _check_break(self) -> None:
        start, end = self.cleaned_data.get("break_starts_on"), self.cleaned_data.get("break_ends_on")
        if bool(start) != bool(end) and not {"break_starts_on", "break_ends_on"} & set(self.errors):
            self.add_error("break_ends_on" if start else "break_starts_on", "Give both days of half term, or neither.")
        if start and end and end < start:
            self.add_error("break_ends_on", "Half term must end after it starts.")
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if start and end and first and last and not (first < start and end < last):
            self.add_error("break_starts_on", f"Half term must lie inside the term, {_days(first, last)}.")

    def _check_other_terms(self) -> None:
        mine = self.cleaned_data
        for other in terms_of(self.instance.school).exclude(pk=self.instance.pk):
            if (other.year, other.name) == (mine["year"], mine["name"]):
                self.add_error("name", f"There is already an entry for the {other.plain_name} {other.academic_year}.")
            if other.starts_on <= mine["ends_on"] and mine["starts_on"] <= other.ends_on:
                days = _days(other.starts_on, other.ends_on)
                self.add_error(
                    "starts_on", f"These days overlap with the {other.plain_name} {other.academic_year}, {days}."
                )


class ClosureForm(forms.ModelForm):  # type: ignore[type-arg]
    """A day in a term on which no student is expected."""

    class Meta:
        model = Closure
        fields = ("date", "reason")
        widgets: ClassVar[dict[str, forms.Widget]] = {"date": DateInput()}
        labels: ClassVar[dict[str, str]] = {"date": "Day"}
        help_texts: ClassVar[dict[str, str]] = {"reason": "INSET day, polling day, bank holiday …"}

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.school = school
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", "Add the day"))

    def clean_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["date"]
        if day.weekday() >= 5:
            raise forms.ValidationError("That is a weekend; no student is expected anyway.")
        term = term_on(self.instance.school, day)
        if term is None:
            raise forms.ValidationError("That day lies in no term, so no student is expected anyway.")
        if term.break_starts_on and term.break_ends_on and term.break_starts_on <= day <= term.break_ends_on:
            raise forms.ValidationError("That day lies in half term, so no student is expected anyway.")
        if closures_of(self.instance.school).filter(date=day).exists():
            raise forms.ValidationError("That day is already closed.")
        return day


def _days(first: dt.date, last: dt.date) -> str:
    return f"{date_format(first, 'j F Y')} to {date_format(last, 'j F Y')}"
