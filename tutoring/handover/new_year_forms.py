"""The plan of a new school year as a form: each group's next name and tutor, and the years that leave."""

from typing import Any

from django import forms

from accounts.enums import Role
from core.stale import mark_of
from tutoring.handover.changing import tutors_to_choose
from tutoring.handover.new_year import NOBODY, STAY, Line, Plan


class PlanForm(forms.Form):
    """Fields name-<group> and tutor-<group> for each group; `shown` is a mark of the preview a person looked at."""

    leaving = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.CheckboxSelectMultiple, label="Years that leave school"
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, plan: Plan, years: list[int], day: Any) -> None:
        super().__init__(data, initial={"leaving": plan.rollover.leaving, "shown": mark_of_plan(plan)})
        self.lines = plan.lines
        leaving: Any = self.fields["leaving"]
        leaving.choices = [(year, f"Year {year}") for year in years]
        tutors = [(str(m.pk), str(m.user)) for m in tutors_to_choose(plan.rollover.school, day)]
        tutor = plan.rollover.school.called[Role.TUTOR]
        for line in plan.lines:
            key = str(line.group.pk)
            self.fields[f"name-{key}"] = forms.CharField(
                max_length=30,
                required=False,
                initial=line.name,
                label=f"{line.group} is called",
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )
            self.fields[f"tutor-{key}"] = forms.ChoiceField(
                choices=[(STAY, _same(line)), (NOBODY, "Nobody yet"), *tutors],
                initial=line.tutor,
                label=f"{tutor} of {line.group}",
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its two fields, as the page shows them."""
        return [
            {"line": line, "name": self[f"name-{line.group.pk}"], "tutor": self[f"tutor-{line.group.pk}"]}
            for line in self.lines
        ]

    def plan(self) -> dict[str, dict[str, str]]:
        """What the form says, as a rollover keeps it."""
        said = self.cleaned_data
        keys = [str(line.group.pk) for line in self.lines]
        return {key: {"name": said[f"name-{key}"].strip(), "tutor": said[f"tutor-{key}"]} for key in keys}


def _same(line: Line) -> str:
    names = ", ".join(str(assignment.membership.user) for assignment in line.tutors)
    return f"The same: {names}" if names else "Nobody, as now"


def mark_of_plan(plan: Plan) -> str:
    """Changes when what the move would do changes."""
    lines = [(str(line.group.pk), line.name, line.tutor, len(line.moving), len(line.leaving)) for line in plan.lines]
    return mark_of(f"{plan.first_day} {plan.rollover.leaving} {lines} {len(plan.staying)} {plan.stops}")
