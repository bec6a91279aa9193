"""The form of a model plan: its words, and rows of targets and steps; and all that the page around it needs."""

from dataclasses import dataclass
from typing import Any, ClassVar

from crispy_forms.layout import Field
from django import forms
from django.http import QueryDict

from accounts import drafts
from accounts.models import School, User
from core.stale import StaleAwareForm
from tutoring.plans.bank import LONGEST, houses_shared_with
from tutoring.plans.enums import Area, Sharing
from tutoring.plans.forms import plain_helper
from tutoring.plans.models import Barrier, ModelPlan
from tutoring.plans.rows import MOST, TargetFormSet, rows_of_draft
from tutoring.plans.selectors import barriers_offered
from tutoring.sessions.enums import Owner

_WHO = [(Owner.STUDENT, "The student"), (Owner.STAFF, "Whoever makes the plan"), (Owner.HOME, "Home")]
_STEP, _TARGET = ("text", "owner", "days"), ("text", "sign", "rhythm")


class ModelPlanForm(StaleAwareForm):
    """Everything about a model but its rows. Any change from elsewhere, of a row too, raises its version."""

    barriers = forms.MultipleChoiceField(
        label="What is in the way", widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = ModelPlan
        fields = ("title", "purpose", "barriers", "strengths", "why", "sharing", "house", "is_active")
        labels: ClassVar[dict[str, str]] = {"is_active": "Offered in the bank"}
        widgets: ClassVar[dict[str, Any]] = {
            "purpose": forms.Textarea(attrs={"rows": 2, "placeholder": "When to reach for it, and for whom"}),
            "strengths": forms.Textarea(attrs={"rows": 2, "placeholder": "What to look for and build on"}),
            "why": forms.Textarea(attrs={"rows": 3, "placeholder": "What you have seen, what research says"}),
            "sharing": forms.RadioSelect,
        }
        help_texts: ClassVar[dict[str, str]] = {
            "house": "Only where a house may use it.",
            "is_active": "What is no longer offered stays on the plans that grew out of it.",
        }

    def __init__(
        self, data: Any = None, *, instance: ModelPlan, user: User, barriers: list[Barrier], typed: drafts.Fields
    ) -> None:
        super().__init__(data, instance=instance, initial=_typed(typed, self.Meta.fields))
        names = {barrier.name: barrier.area for barrier in barriers}
        gone = [(name, name) for name in instance.barriers if name not in names]
        offered: Any = self.fields["barriers"]
        offered.choices = [
            (area.label, [(name, name) for name, where in names.items() if where == area])
            for area in Area
            if area in names.values()
        ] + ([("Named before", gone)] if gone else [])
        house: Any = self.fields["house"]
        house.queryset = houses_shared_with(user, instance)
        if instance._state.adding:
            del self.fields["is_active"]
        active = [] if instance._state.adding else ["is_active"]
        self.helper = plain_helper("opened_with", "title", "purpose")
        self.after = plain_helper(
            Field("barriers", wrapper_class="topics grouped"), "strengths", "why",
            Field("sharing", wrapper_class="seg"), "house", *active,
        )  # fmt: skip

    def clean(self) -> None:
        super().clean()
        shared = self.cleaned_data.get("sharing")
        if shared != Sharing.HOUSE:
            self.cleaned_data["house"] = None
        elif not self.cleaned_data.get("house") and "house" not in self.errors:
            self.add_error("house", "Which house?")

    def _values(self, row: Any) -> dict[str, str]:
        return super()._values(row) | {"title": f"{row.title} (version {row.version})"}


def _typed(typed: drafts.Fields, names: tuple[str, ...]) -> dict[str, Any]:
    """What a draft held, where there is one."""
    if not typed:
        return {}
    initial: dict[str, Any] = {name: typed[name][0] for name in names if typed.get(name)}
    return initial | {"barriers": typed.get("barriers", [])}


class ModelStepForm(forms.Form):
    """One step; a row without words is none."""

    text = forms.CharField(label="What", max_length=300, required=False)
    owner = forms.ChoiceField(label="Who", choices=_WHO, required=False)
    days = forms.IntegerField(label="Days after the plan begins", min_value=0, max_value=LONGEST, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, css in (("text", "form-control"), ("owner", "form-select"), ("days", "form-control")):
            self.fields[name].widget.attrs |= {"class": css}
        self.fields["days"].widget.attrs |= {"placeholder": "days after"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("text") and cleaned.get("days") is None and "days" not in self.errors:
            self.add_error("days", "How many days after the plan begins?")
        if cleaned.get("days") is not None and not cleaned.get("text"):
            self.add_error("text", "Write the step, or take the days away.")
        return cleaned


_Steps = forms.formset_factory(ModelStepForm, max_num=MOST, absolute_max=MOST)


class ModelStepFormSet(_Steps):  # type: ignore[misc, valid-type]
    """Rows of steps. All rows count as extra ones, so that an empty row is never a mistake."""

    def __init__(self, data: Any = None, *, rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self.extra = max(3, len(rows) + 1)
        super().__init__(data, prefix="steps")

    def initial_form_count(self) -> int:
        return 0

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs(index)
        if self.is_bound or index is None or index >= len(self.rows):
            return kwargs
        return kwargs | {"initial": self.rows[index]}

    def kept(self) -> list[dict[str, Any]]:
        """The steps that have words, by their day, as a model keeps them."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("text")]
        kept = [{"text": r["text"], "owner": r.get("owner") or Owner.STUDENT.value, "days": r["days"]} for r in rows]
        return sorted(kept, key=lambda step: step["days"])


@dataclass
class OpenModel:
    """What the template needs."""

    model: ModelPlan
    draft: drafts.OpenForm
    form: ModelPlanForm
    targets: TargetFormSet
    steps: ModelStepFormSet

    def is_valid(self) -> bool:
        """All parts are checked, so that all mistakes show at once."""
        return all([self.form.is_valid(), self.targets.is_valid(), self.steps.is_valid()])

    def filled(self) -> ModelPlan:
        """The model as the form has it, after all three were found valid; not saved."""
        model: ModelPlan = self.form.instance
        model.targets = [
            {"text": target.text, "sign": target.sign, "rhythm": target.rhythm} for target in self.targets.agreed()
        ]
        model.steps = self.steps.kept()
        return model


def build_model_form(
    user: User, school: School, model: ModelPlan, key: str, *, token: str | None = None, data: QueryDict | None = None
) -> OpenModel:
    """The form of a new or saved model, with its draft, or as it was sent (`data`)."""
    draft = drafts.reopen_form(user, key, data) if data else drafts.open_form(user, key, drafts.token_from(token))
    targets, steps = model.targets, model.steps
    if draft.restored:
        targets, steps = rows_of_draft(draft.fields, "targets", _TARGET), rows_of_draft(draft.fields, "steps", _STEP)
    return OpenModel(
        model=model,
        draft=draft,
        form=ModelPlanForm(data, instance=model, user=user, barriers=barriers_offered(school), typed=draft.fields),
        targets=TargetFormSet(data, rows=targets),
        steps=ModelStepFormSet(data, rows=[row for row in steps if row["text"] or row["days"]]),
    )
