"""The forms of this room."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Membership, User
from core.ids import UUID
from safeguarding.desk_forms import DAY, SELECT
from safeguarding.forms import TICK, line
from safeguarding.sharing.advice import second_look
from safeguarding.sharing.lines import A_YEAR
from students.models import Student

TEACH = "all who teach"
LEAST = 20


class ChildForm(forms.Form):
    """About whom."""

    child = line("About which student")

    def __init__(self, data: Any = None, *, students: dict[str, Student]) -> None:
        super().__init__(data)
        self.students = students
        self.fields["child"].widget.attrs["list"] = "students-known"

    def clean_child(self) -> Student:
        if self.cleaned_data["child"] not in self.students:
            raise forms.ValidationError("Choose somebody from the list, name and group.")
        return self.students[self.cleaned_data["child"]]


class GlassForm(ChildForm):
    """Whose file, and why; the leads read the reason."""

    why = line(
        "Why you have to read it now",
        help_text="Each lead who keeps this child’s file reads it, and it stands there for good.",
    )

    def clean_why(self) -> str:
        why: str = self.cleaned_data["why"]
        if len(why) < LEAST:
            raise forms.ValidationError(f"Say why, in {LEAST} letters at least: the leads read it.")
        return why


class LineForm(forms.Form):
    """One line, for whom, until when, and why."""

    text = line(
        "What they need to know",
        help_text="One line: what they are to do or to look out for. Never that there is a file or an agency.",
    )
    sure = forms.BooleanField(
        label="I have read that, and publish it as it stands", required=False, widget=forms.CheckboxInput(attrs=TICK)
    )
    teach = forms.BooleanField(label="", required=False, widget=forms.CheckboxInput(attrs=TICK))
    people = forms.MultipleChoiceField(
        label="Colleagues", required=False, widget=forms.CheckboxSelectMultiple(attrs=TICK)
    )
    until = forms.DateField(
        label="Last day", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text="After it the line is gone for them by itself; a year at most.",
    )  # fmt: skip
    why = line("Why they need to know it", help_text="Kept on the file; they do not see it.")

    def __init__(
        self, data: Any = None, *, people: Sequence[User], teach: Collection[UUID], until: dt.date, chosen: str = ""
    ) -> None:
        super().__init__(data, initial={"until": until, "people": [chosen]})
        self.colleagues, self.teachers, self.remarks = {str(one.pk): one for one in people}, set(teach), list[str]()
        who: Any = self.fields["people"]
        who.choices = [(key, str(one)) for key, one in self.colleagues.items()]
        known = sum(1 for one in people if one.pk in self.teachers)
        self.fields["teach"].label = f"All who teach them today ({known})" if known else ""
        for name, missing in (("text", "Write the line."), ("why", "Say why: it is kept on the file.")):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = missing

    def clean_until(self) -> dt.date:
        day: dt.date = self.cleaned_data["until"]
        if not timezone.localdate() <= day <= timezone.localdate() + A_YEAR:
            raise forms.ValidationError("From today on, within a year.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = set(cleaned.get("people") or [])
        if cleaned.get("teach"):
            chosen |= {key for key, one in self.colleagues.items() if one.pk in self.teachers}
        cleaned["readers"] = [self.colleagues[key] for key in self.colleagues if key in chosen]
        if not chosen:
            self.add_error("people", "Choose at least one colleague.")
        self.remarks = second_look(cleaned.get("text", ""))
        if self.remarks and not cleaned.get("sure"):
            self.add_error("text", "Read what stands below before you publish it.")
        return cleaned


class LeadCoverForm(forms.Form):
    """Who is away, who stands in from which day to which, and the headteacher's word."""

    work: Any = forms.ModelChoiceField(
        Membership.objects.none(), label="Who is away", empty_label="Choose", widget=forms.Select(attrs=SELECT)
    )
    person: Any = forms.ModelChoiceField(
        User.objects.none(), label="Who stands in", empty_label="Choose", widget=forms.Select(attrs=SELECT)
    )
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label="Last day", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text="It ends by itself after this day, and can be ended earlier under Cover.",
    )  # fmt: skip
    words = line(
        "Your written confirmation",
        help_text="How they are trained and that you name them; everybody on the desk reads it.",
    )

    def __init__(self, data: Any = None, *, work: QuerySet[Membership], people: QuerySet[User]) -> None:
        super().__init__(data, initial={"starts_on": timezone.localdate()})
        self.fields["work"].queryset = work  # type: ignore[attr-defined]
        self.fields["work"].label_from_instance = lambda held: f"{held.user}: {held.called}"  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean_starts_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["starts_on"]
        if not timezone.localdate() <= day <= timezone.localdate() + A_YEAR:
            raise forms.ValidationError("Today or later, and within a year.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is before the first.")
        if first and last and last > first + A_YEAR:
            self.add_error("ends_on", "Cover is for a year at most.")
        return cleaned

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if len(words) < LEAST:
            raise forms.ValidationError(f"Confirm it in writing, in {LEAST} letters at least.")
        return words
