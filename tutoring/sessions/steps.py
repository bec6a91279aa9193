"""The rows of next steps inside the form of a conversation: what, who, by when."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from students.models import Student
from tutoring.sessions.enums import Owner
from tutoring.sessions.models import NextStep
from tutoring.sessions.services import Step

ROWS = 3
MOST = 20


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class StepForm(forms.Form):
    """One agreed step; a row without words is no step."""

    pk = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label="What", max_length=300, required=False)
    who = forms.ChoiceField(label="Who", required=False)
    due_on = forms.DateField(label="By", required=False, widget=DayInput)

    def __init__(self, *args: Any, owners: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs |= {"class": "form-control", "placeholder": "Optional"}
        self.fields["due_on"].widget.attrs |= {"class": "form-control"}
        who: Any = self.fields["who"]
        who.choices, who.initial = owners, Owner.STUDENT
        who.widget.attrs |= {"class": "form-select"}

    def clean_due_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["due_on"]
        if not day or self.cleaned_data.get("pk"):
            return day
        if abs(day - timezone.localdate()) > dt.timedelta(days=730):
            raise forms.ValidationError("Is the year right?")
        if day < timezone.localdate():
            raise forms.ValidationError("This day is over. By when is it to be done?")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("due_on") and not cleaned.get("text"):
            self.add_error("text", "Write what was agreed, or take the date away.")
        return cleaned


_Rows = forms.formset_factory(StepForm, extra=ROWS, max_num=MOST, absolute_max=MOST)


class StepFormSet(_Rows):  # type: ignore[misc, valid-type]
    """Rows of steps. All rows count as extra ones, so that an empty row is never a mistake."""

    def __init__(
        self,
        data: Any = None,
        *,
        student: Student | None,
        me: User,
        team: list[User],
        rows: list[dict[str, Any]],
        outside: Sequence[str] = (),
    ):
        """`student`: None for several, each of whom gets the steps.

        `outside`: names of people outside who can be given a step; "" is somebody who is not named.
        """
        self.me = me
        self.staff = {f"staff:{user.pk}": user for user in [me, *team]}
        self.rows = rows
        self.extra = max(ROWS, len(rows) + 1)
        owners = [*_owners(student, me, team), *_owners_outside(outside)]
        super().__init__(data, prefix="steps", form_kwargs={"owners": owners})

    def initial_form_count(self) -> int:
        return 0

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs(index)
        if self.is_bound or index is None or index >= len(self.rows):
            return kwargs
        return kwargs | {"initial": self.rows[index]}

    def agreed(self) -> list[Step]:
        """The steps that have words, in their order."""
        return [self._step(row.cleaned_data) for row in self.worded]

    @property
    def worded(self) -> list[StepForm]:
        """The rows that have words, after they were checked."""
        return [row for row in self.forms if row.cleaned_data.get("text")]

    def _step(self, row: dict[str, Any]) -> Step:
        who = row.get("who") or Owner.STUDENT
        staff = self.staff.get(who)
        kind, _, name = ("", "", "") if staff else who.partition(":")
        owner = Owner.STAFF if staff else Owner(kind)
        return Step(row["text"], owner, staff, row.get("due_on"), row.get("pk"), name)


def _owners(student: Student | None, me: User, team: list[User]) -> list[tuple[str, Any]]:
    colleagues = [(f"staff:{user.pk}", str(user)) for user in team if user.pk != me.pk]
    owners: list[tuple[str, Any]] = [
        (Owner.STUDENT, student.preferred_forename if student else "Each of them"),
        (f"staff:{me.pk}", f"{me} (me)"),
        (Owner.HOME, "Home"),
    ]
    return [*owners, ("Colleagues", colleagues)] if colleagues else owners


def _owners_outside(names: Sequence[str]) -> list[tuple[str, Any]]:
    choices = [(f"{Owner.OUTSIDE}:{name}" if name else str(Owner.OUTSIDE), name or "Somebody else") for name in names]
    return [("Outside school", choices)] if choices else []


def names_outside(steps: Iterable[NextStep]) -> list[str]:
    """Who outside has one of these steps to do: what the form must be able to say again."""
    return list(dict.fromkeys(step.owner_name for step in steps if step.owner == Owner.OUTSIDE))


def _who(step: NextStep) -> str:
    if step.owner_staff_id:
        return f"staff:{step.owner_staff_id}"
    return f"{step.owner}:{step.owner_name}" if step.owner_name else step.owner


def rows_of_steps(steps: list[NextStep]) -> list[dict[str, Any]]:
    """Saved steps as rows of the form."""
    return [
        {
            "pk": step.pk,
            "text": step.text,
            "who": _who(step),
            "due_on": step.due_on,
        }
        for step in steps
    ]


def rows_of_draft(fields: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Typed rows from a draft's fields (`steps-0-text` and so on)."""
    rows: list[dict[str, Any]] = []
    for number in range(MOST):
        row = {name: (fields.get(f"steps-{number}-{name}") or [""])[0] for name in ("pk", "text", "who", "due_on")}
        if row["text"] or row["due_on"]:
            rows.append(row)
    return rows
