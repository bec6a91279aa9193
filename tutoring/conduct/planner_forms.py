"""The grid of a planner check: everybody is fine unless tapped; and how often planners are checked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from core.ids import UUID
from core.stale import StaleAwareForm
from students.models import Student
from tutoring.conduct.enums import PlannerIssue
from tutoring.conduct.models import PlannerRhythm
from tutoring.conduct.planners import Run, State, mark_of_state

CHOICES = [("", "Fine"), *PlannerIssue.choices]
LONGEST = 120


@dataclass(frozen=True)
class GridRow:
    """One student of the grid as the page draws it: what is chosen, the few words, and how it has been."""

    student: Student
    chosen: str
    words: str
    away: bool
    run: Run | None


class GridForm(forms.Form):
    """For each student a choice `issue-<id>` and a line `words-<id>`; away ones are marked by themselves."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    opened_with = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        students: Sequence[Student],
        now: State,
        away: set[UUID],
        runs: dict[UUID, Run],
        is_new: bool,
    ) -> None:
        super().__init__(data, initial={"submission": uuid.uuid4(), "opened_with": mark_of_state(now)})
        self.students, self.away, self.runs = students, away, runs
        for student in students:
            issue, words = now.get(student.pk, ("", ""))
            if is_new and student.pk in away:
                issue = PlannerIssue.AWAY.value
            self.fields[f"issue-{student.pk}"] = forms.ChoiceField(choices=CHOICES, required=False, initial=issue)
            self.fields[f"words-{student.pk}"] = forms.CharField(required=False, max_length=LONGEST, initial=words)

    @property
    def rows(self) -> list[GridRow]:
        """Everybody, by name."""
        return [
            GridRow(
                student=student,
                chosen=str(self[f"issue-{student.pk}"].value() or ""),
                words=str(self[f"words-{student.pk}"].value() or ""),
                away=student.pk in self.away,
                run=self.runs.get(student.pk),
            )
            for student in self.students
        ]

    @property
    def found(self) -> State:
        """student → (issue, words) of whoever was not fine; words beside "Fine" are kept as "Other"."""
        said: State = {}
        for student in self.students:
            issue, words = self.cleaned_data[f"issue-{student.pk}"], self.cleaned_data[f"words-{student.pk}"]
            if issue or words:
                said[student.pk] = (issue or PlannerIssue.OTHER.value, words)
        return said


class RhythmForm(StaleAwareForm):
    """After how many days of term a group is due again."""

    class Meta:
        model = PlannerRhythm
        fields = ("days",)
        help_texts = {"days": "14 is once a fortnight. Holidays and the half-term break do not count."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.add_input(Submit("save", "Save"))
