"""The forms of an event: itself with for whom it is, its outcome, and the filters over the list."""

import datetime as dt
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, Submit
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.drafts import Fields
from accounts.models import House, School, User
from core.stale import StaleAwareForm
from students.forms import DateInput
from tutoring.events.enums import Kind, State
from tutoring.events.models import SchoolEvent
from tutoring.events.selectors import year_groups_of
from tutoring.events.services import ForWhom
from tutoring.groups.models import TutorGroup

LONGEST = dt.timedelta(days=60)
FURTHEST = dt.timedelta(days=800)
AUDIENCE = ("years", "houses", "groups")
TAKES_PLACE = "Leave it empty when it takes place."


class EventForm(StaleAwareForm):
    """What it is, when, where, who runs it, what it is for, and for whom; one that exists can be called off."""

    years = forms.TypedMultipleChoiceField(
        label="Year", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    houses = forms.ModelMultipleChoiceField(House.objects.none(), required=False, widget=forms.CheckboxSelectMultiple)
    groups = forms.ModelMultipleChoiceField(
        TutorGroup.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = SchoolEvent
        fields = ("title", "kind", "starts_on", "ends_on", "place", "lead", "purpose", "called_off")
        widgets: ClassVar[dict[str, forms.Widget]] = {"starts_on": DateInput(), "ends_on": DateInput()}
        help_texts: ClassVar[dict[str, str]] = {
            "title": "Everybody who works here reads it. Nothing about single students.",
            "ends_on": "The same day, unless it goes on longer.",
            "called_off": TAKES_PLACE,
        }

    def __init__(
        self, *args: Any, school: School, staff: QuerySet[User], keeps: bool, again: SchoolEvent | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """`keeps`: may say who runs it; `again`: begins like that one, without its days."""
        super().__init__(*args, **kwargs)
        self.school, adding = school, self.instance._state.adding
        self.instance.school = school
        if again:
            before = {name: getattr(again, name) for name in ("title", "kind", "place", "purpose")}
            self.initial.update(before, lead=again.lead_id)
        self._offer(staff, keeps)
        self.initial.update(self._for_whom(again or (None if adding else self.instance)))
        if adding:
            del self.fields["called_off"]
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout(
            "title", "kind", Div("starts_on", "ends_on", css_class="when-where"), "place", "lead", "purpose",
            *(Field(name, template="events/_boxes.html") for name in AUDIENCE), *([] if adding else ["called_off"]),
        )  # fmt: skip
        self.helper.add_input(Submit("save", "Save"))

    def _offer(self, staff: QuerySet[User], keeps: bool) -> None:
        kind: Any = self.fields["kind"]
        kind.choices = [("", "Choose a kind"), *Kind.choices]
        lead: Any = self.fields["lead"]
        theirs = User.objects.filter(pk=self.instance.lead_id) if self.instance.lead_id else User.objects.none()
        lead.queryset, lead.empty_label = (staff | theirs).distinct() if keeps else theirs, None
        lead.disabled = not keeps
        years, houses, groups = (self.fields[name] for name in AUDIENCE)
        years.choices = [(year, f"Year {year}") for year in year_groups_of(self.school)]  # type: ignore[attr-defined]
        houses.queryset = House.objects.filter(school=self.school)  # type: ignore[attr-defined]
        houses.label = self.school.house_label
        groups.queryset = TutorGroup.objects.filter(school=self.school)  # type: ignore[attr-defined]
        groups.label = self.school.tutor_group_label

    def _for_whom(self, event: SchoolEvent | None) -> dict[str, list[Any]]:
        lines = list(event.audience.all()) if event else []
        return {
            "years": [line.year_group for line in lines if line.year_group],
            "houses": [line.house_id for line in lines if line.house_id],
            "groups": [line.group_id for line in lines if line.group_id],
        }

    def _values(self, row: Any) -> dict[str, str]:
        return super()._values(row) | {"years": row.for_whom}

    def clean(self) -> None:
        super().clean()
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and abs(first - timezone.localdate()) > FURTHEST:
            self.add_error("starts_on", "Is the year right?")
        elif first and last and not first <= last <= first + LONGEST:
            self.add_error("ends_on", "On its first day or later, and within two months.")
        if self.cleaned_data.get("called_off") and self.instance.outcome:
            self.add_error("called_off", "It has an outcome, so it took place.")
        if first and self.instance.told_on and first > self.instance.told_on:
            self.add_error("starts_on", "Its outcome was written before that day.")

    def for_whom(self) -> ForWhom:
        """After `is_valid`."""
        given = self.cleaned_data
        return ForWhom(given["years"], given["houses"], given["groups"])


class OutcomeForm(StaleAwareForm):
    """How many came, what came of it, what to do next time; begins with what a draft held."""

    class Meta:
        model = SchoolEvent
        fields = ("came", "outcome", "next_time")
        help_texts: ClassVar[dict[str, str]] = {
            "came": "About; empty where nobody counted.",
            "outcome": "Everybody who works here reads it. Nothing about single students: log those apart.",
            "next_time": "It stands there when somebody plans the same again.",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "outcome": forms.Textarea(attrs={"rows": 4, "placeholder": "What people took with them, what they asked"}),
            "next_time": forms.Textarea(attrs={"rows": 3, "placeholder": "What to keep, what to leave out"}),
        }

    def __init__(self, data: Any = None, *, instance: SchoolEvent, typed: Fields) -> None:
        super().__init__(data, instance=instance)
        self.initial.update({name: values[0] for name, values in typed.items() if values})
        self.fields["outcome"].required = True
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf, self.helper.render_hidden_fields = False, True, True


class FilterForm(forms.Form):
    """Every field may stay empty; what makes no sense counts as empty."""

    term = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(required=False, choices=[("", "Every kind"), *Kind.choices])
    whom = forms.ChoiceField(required=False, label="For")
    state = forms.ChoiceField(required=False, label="Where it stands", choices=[("", "All"), *State.choices])

    def __init__(self, data: Any, *, school: School, term: str) -> None:
        super().__init__({**data, "term": term})
        years = [(f"year-{year}", f"Year {year}") for year in year_groups_of(school)]
        houses = [(f"house-{house.pk}", house.name) for house in House.objects.filter(school=school)]
        whom: Any = self.fields["whom"]
        whom.choices = [("", "Everybody"), *years, *houses]
        self.full_clean()
        self.helper = FormHelper()
        self.helper.form_method, self.helper.form_class, self.helper.disable_csrf = "get", "filters", True
        self.helper.add_input(Submit("", "Show", css_id="show"))

    @property
    def filters(self) -> dict[str, str]:
        """The filters in force, without the empty ones."""
        return {name: value for name, value in self.cleaned_data.items() if value and name != "term"}
