"""The rows of targets and steps inside the form of a plan."""

from typing import Any

from django import forms

from accounts.drafts import Fields
from accounts.models import User
from students.models import Student
from tutoring.plans.enums import Rhythm
from tutoring.plans.models import PlanStep, PlanTarget
from tutoring.plans.services import Step, Target
from tutoring.sessions.enums import Confidentiality, Owner
from tutoring.sessions.models import NextStep, TutorSession
from tutoring.sessions.steps import StepForm, StepFormSet

MOST = 12
STAYS = "What was agreed is not taken out: say on the plan’s page that it is no longer needed."


class TargetForm(forms.Form):
    """One target; a row without words is none."""

    pk = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label="Target", max_length=300, required=False)
    sign = forms.CharField(label="How we will know", max_length=300, required=False)
    rhythm = forms.ChoiceField(label="A goal or a habit", choices=Rhythm.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs |= {"class": "form-control", "placeholder": "I …"}
        self.fields["rhythm"].widget.attrs |= {"class": "form-select"}
        self.fields["sign"].widget.attrs |= {"class": "form-control", "placeholder": "How we will know"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("text"):
            if cleaned.get("pk"):
                self.add_error("text", "A target that was agreed stays; change its words instead.")
            elif cleaned.get("sign"):
                self.add_error("text", "Write the target, or take this away.")
        return cleaned


_Targets = forms.formset_factory(TargetForm, max_num=MOST, absolute_max=MOST)


class TargetFormSet(_Targets):  # type: ignore[misc, valid-type]
    """Rows of targets. All rows count as extra ones, so that an empty row is never a mistake."""

    def __init__(self, data: Any = None, *, rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self.extra = max(2, len(rows) + 1)
        super().__init__(data, prefix="targets")

    def initial_form_count(self) -> int:
        return 0

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs(index)
        if self.is_bound or index is None or index >= len(self.rows):
            return kwargs
        return kwargs | {"initial": self.rows[index]}

    def agreed(self) -> list[Target]:
        """The targets that have words, in their order."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("text")]
        return [Target(row["text"], row.get("sign", ""), row.get("pk"), row.get("rhythm", "")) for row in rows]


class PlanStepForm(StepForm):
    """A step of a plan has a day: what has none is forgotten."""

    from_step = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("pk") and not cleaned.get("text"):
            self.add_error("text", STAYS)
        if cleaned.get("text") and not cleaned.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "By which day?")
        return cleaned


class PlanStepFormSet(StepFormSet):
    """The rows of steps of a conversation, each with a day."""

    form = PlanStepForm

    def planned(self) -> list[Step]:
        """The steps that have words, in their order."""
        return [self._planned(form.cleaned_data) for form in self.forms if form.cleaned_data.get("text")]

    def _planned(self, row: dict[str, Any]) -> Step:
        who = row.get("who") or Owner.STUDENT
        staff = self.staff.get(who)
        owner = Owner.STAFF if staff else Owner(who)
        return Step(row["text"], row["due_on"], owner, staff, row.get("pk"), row.get("from_step"))


def step_rows(
    data: Any, *, student: Student, me: User, team: list[User], rows: list[dict[str, Any]]
) -> PlanStepFormSet:
    """The rows, empty but for `rows`, or as they were sent."""
    return PlanStepFormSet(data, student=student, me=me, team=team, rows=rows, outside=[""])


def rows_of_plan(steps: list[PlanStep]) -> list[dict[str, Any]]:
    """Saved open steps as rows of the form."""
    return [{"pk": step.pk, "text": step.text, "who": _who(step), "due_on": step.due_on} for step in steps]


def rows_of_targets(targets: list[PlanTarget]) -> list[dict[str, Any]]:
    return [{"pk": t.pk, "text": t.text, "sign": t.sign, "rhythm": t.rhythm} for t in targets]


def rows_of_session(session: TutorSession | None) -> list[dict[str, Any]]:
    """The open steps of a 1:1; of one that is kept for named people nothing is carried to more readers."""
    if session is None or session.confidentiality == Confidentiality.NAMED:
        return []
    steps = session.steps.filter(done_on=None).select_related("owner_staff")
    return [{"from_step": step.pk, "text": step.text, "who": _who(step), "due_on": step.due_on or ""} for step in steps]


def _who(step: NextStep | PlanStep) -> str:
    return f"staff:{step.owner_staff_id}" if step.owner_staff_id else step.owner


def rows_of_draft(fields: Fields, prefix: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Typed rows from a draft's fields (`steps-0-text` and so on)."""
    rows = []
    for number in range(MOST):
        row = {name: (fields.get(f"{prefix}-{number}-{name}") or [""])[0] for name in names}
        if any(row[name] for name in names if name not in ("who", "pk", "from_step", "rhythm")):
            rows.append(row)
    return rows
