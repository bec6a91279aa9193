"""The form of cover: whose work, who stands in, from which day to which."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone

from accounts.models import Membership, School, User
from core.ids import UUID
from students.forms import DateInput
from tutoring.groups.cover import people_to_stand_in, work_to_cover
from tutoring.groups.day_forms import soon
from tutoring.groups.roles import RoleLine, role_lines


class CoverForm(forms.Form):
    """`me` alone has nothing to choose of whose work it is, where they hold one role only."""

    work: Any = forms.ModelChoiceField(queryset=None, label="Who is away", empty_label="Choose")
    deputy: Any = forms.ModelChoiceField(queryset=None, label="Who stands in", empty_label="Choose a colleague")
    starts_on = forms.DateField(label="First day", widget=DateInput())
    ends_on = forms.DateField(
        label="Last day", widget=DateInput(), help_text="It ends by itself after this day, and can be ended earlier."
    )

    def __init__(self, data: Any = None, *, me: User, school: School) -> None:
        today = timezone.localdate()
        super().__init__(data, initial={"starts_on": today})
        work: Any = self.fields["work"]
        deputy: Any = self.fields["deputy"]
        work.queryset = work_to_cover(today)
        lines = _lines(list(work.queryset))
        work.choices = [("", "Choose"), *((line.first.pk, work_in_words(line)) for line in lines)]
        deputy.queryset = people_to_stand_in(school)
        own = [line.first for line in lines if line.first.user_id == me.pk]
        held = {one.role for one in me.current_memberships if not one.stands_in_for_id}
        if len(own) == len(held) == 1:
            work.initial = own[0].pk
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("work", "deputy", Div("starts_on", "ends_on", css_class="when-where"))

    def clean_starts_on(self) -> dt.date:
        return soon(self.cleaned_data["starts_on"])

    def clean(self) -> None:
        """What the form sees by itself is said all at once; the rest is for `arrange_cover` to say."""
        super().clean()
        work, deputy, starts_on, ends_on = (self.cleaned_data.get(name) for name in self.fields)
        if work and deputy == work.user:
            self.add_error("deputy", f"{deputy} is the one who is away. Choose somebody else.")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day is before the first.")


def _lines(work: list[Membership]) -> list[RoleLine]:
    """One choice for what one person does in one role for the same time: all houses or years of a head together."""
    people: dict[UUID, list[Membership]] = {}
    for one in work:
        people.setdefault(one.user_id, []).append(one)
    return [line for held in people.values() for line in role_lines(held)]


def work_in_words(line: RoleLine) -> str:
    """Whose, in which role, with which groups, houses or years: "Helen Ward: Tutor, 10BEC"."""
    return f"{line.first.user}: {', '.join([line.called, *line.groups, *filter(None, [line.places])])}"
