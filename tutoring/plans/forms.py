"""The forms of a plan: the plan itself, agreeing, reviewing, closing, and one step."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.utils import timezone

from accounts.drafts import Fields
from accounts.models import School
from core.ids import UUID
from core.stale import StaleAwareForm
from students.selectors import first_school_day
from tutoring.plans.enums import Area, Rating, StepEnd
from tutoring.plans.models import ActionPlan, Barrier, PlanReview, PlanStep, PlanTarget
from tutoring.plans.rows import PlanStepFormSet, TargetFormSet
from tutoring.plans.services import Ending, Words
from tutoring.sessions.steps import DayInput

USUAL_REVIEW = dt.timedelta(weeks=4)
FURTHEST = dt.timedelta(days=730)
# The number above its word (css/plans.css keeps the line).
RATINGS = [(str(n), f"{n:+d}\n{word}".replace("+0", "0").replace("-", "\N{MINUS SIGN}")) for n, word in Rating.choices]


def plain_helper(*layout: Any) -> FormHelper:
    """Fields without the form's own tag and token."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if layout:
        helper.layout = Layout(*layout)
    return helper


def usual_review(school: School) -> dt.date:
    """In four weeks; where that is in the holidays, on the first day back."""
    return first_school_day(school, timezone.localdate() + USUAL_REVIEW)


def rating(label: str, *, required: bool = True) -> forms.TypedChoiceField:
    """−2 to +2 as one bar."""
    return forms.TypedChoiceField(
        label=label, choices=RATINGS, widget=forms.RadioSelect, coerce=int, empty_value=None, required=required
    )


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything about a plan but its rows of targets and steps."""

    barriers = forms.ModelMultipleChoiceField(
        queryset=Barrier.objects.none(), label="What is in the way", widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = ActionPlan
        fields = ("title", "strengths", "student_words", "started_on", "review_on")
        labels = {"title": "What this plan is for", "student_words": "In the student’s own words"}
        widgets = {
            "strengths": forms.Textarea(attrs={"rows": 2, "placeholder": "What goes well, who helps, what they like"}),
            "student_words": forms.Textarea(attrs={"rows": 2, "placeholder": "What they want to be different"}),
            "started_on": DayInput,
            "review_on": DayInput,
        }
        error_messages = {"title": {"required": "Say in a line what this plan is for."}}

    def __init__(
        self,
        data: Any = None,
        *,
        instance: ActionPlan | None,
        school: School,
        barriers: list[Barrier],
        typed: Fields,
        begun: dict[str, Any],
        look_for: str = "",
    ) -> None:
        super().__init__(data, instance=instance, initial=self._initial(instance, school, typed) | begun)
        # What a model asks of everybody is a hint beside the box: as its value it would be saved as said of one.
        self.fields["strengths"].help_text = look_for
        offered: Any = self.fields["barriers"]
        offered.queryset = Barrier.objects.filter(pk__in=[barrier.pk for barrier in barriers])
        offered.choices = [
            (area.label, [(b.pk, b.name) for b in barriers if b.area == area])
            for area in Area
            if any(b.area == area for b in barriers)
        ]
        self.fields["title"].widget.attrs["placeholder"] = "In class for the first five minutes, every lesson"
        self.helper = plain_helper(
            "title",
            Field("barriers", wrapper_class="topics grouped"),
            "strengths",
            "student_words",
            HTML("{% include 'plans/_targets.html' %}"),
            HTML("{% include 'plans/_step_rows.html' %}"),
            Div("started_on", "review_on", css_class="when-where"),
        )

    def _initial(self, instance: ActionPlan | None, school: School, typed: Fields) -> dict[str, Any]:
        """The usual days and saved barriers; over them what a draft held."""
        initial: dict[str, Any] = {"barriers": [b.pk for b in instance.barriers.all()]} if instance else {}
        if instance is None:
            initial["review_on"] = usual_review(school)
        if typed:
            initial |= {name: typed[name][0] for name in self.Meta.fields if typed.get(name)}
            initial["barriers"] = typed.get("barriers", [])
        return initial

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, review = cleaned.get("started_on"), cleaned.get("review_on")
        if start and abs(start - timezone.localdate()) > FURTHEST:
            self.add_error("started_on", "Is the year right?")
        elif start and review and not start < review <= start + FURTHEST:
            self.add_error("review_on", "A review lies after the plan’s first day, and within two years.")
        return cleaned

    def words(self, targets: TargetFormSet, steps: PlanStepFormSet) -> Words:
        """What the service saves, after all three were found valid."""
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return Words(fields, list(self.cleaned_data["barriers"]), targets.agreed(), steps.planned())


class AgreeForm(StaleAwareForm):
    """That the student and home agreed, when and how."""

    class Meta:
        model = ActionPlan
        fields = ("student_agreed_on", "student_agreed_how", "home_agreed_on", "home_agreed_how")
        widgets = {"student_agreed_on": DayInput, "home_agreed_on": DayInput}
        help_texts = {
            "student_agreed_how": "For example: read it together and said yes.",
            "home_agreed_how": "For example: Mrs Okafor, on the phone.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean(self) -> None:
        super().clean()
        for who in ("student", "home"):
            day = self.cleaned_data.get(f"{who}_agreed_on")
            if day and day > timezone.localdate():
                self.add_error(f"{who}_agreed_on", "This day is still to come.")
            if self.cleaned_data.get(f"{who}_agreed_how") and not day and f"{who}_agreed_on" not in self.errors:
                self.add_error(f"{who}_agreed_on", "On which day?")


class ReviewForm(forms.ModelForm):  # type: ignore[type-arg]
    """How it goes, target by target where there is something to say, and when to look again."""

    rating = rating("How is it going, against the day the plan was made?")

    class Meta:
        model = PlanReview
        fields = ("rating", "words", "held_on", "next_on")
        labels = {"words": "What we found", "held_on": "Day", "next_on": "Next review"}
        widgets = {"words": forms.Textarea(attrs={"rows": 4}), "held_on": DayInput, "next_on": DayInput}
        error_messages = {"words": {"required": "Write a line about what you found."}}

    def __init__(self, data: Any = None, *, school: School, targets: list[PlanTarget], typed: Fields) -> None:
        initial = {"next_on": usual_review(school)} | {n: v[0] for n, v in typed.items() if v}
        super().__init__(data, initial=initial)
        self.targets = targets
        for target in targets:
            self.fields[f"target-{target.pk}"] = rating(target.text, required=False)
        rated = [Field(f"target-{target.pk}", wrapper_class="seg rating") for target in targets]
        self.helper = plain_helper(
            Field("rating", wrapper_class="seg rating"),
            "words",
            *rated,
            Div("held_on", "next_on", css_class="when-where"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        held, again = cleaned.get("held_on"), cleaned.get("next_on")
        if held and held > timezone.localdate():
            self.add_error("held_on", "This day is still to come.")
        if held and again and not held < again <= held + FURTHEST:
            self.add_error("next_on", "The next review lies after this one, and within two years.")
        return cleaned

    def said_of_targets(self) -> dict[UUID, int | None]:
        return {target.pk: self.cleaned_data[f"target-{target.pk}"] for target in self.targets}


class CloseForm(forms.Form):
    """An outcome for the plan, for every target and for every step that is still open."""

    outcome = rating("How did it go, against the day the plan was made?")
    words = forms.CharField(label="What changed", max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, data: Any = None, *, targets: list[PlanTarget], steps: list[PlanStep], typed: Fields) -> None:
        super().__init__(data, initial={name: values[0] for name, values in typed.items() if values})
        self.targets, self.steps = targets, steps
        parts: list[Any] = []
        for target in targets:
            name = f"target-{target.pk}"
            self.fields[name] = rating(f"Target: {target.text}")
            self.initial.setdefault(name, target.result)
            parts.append(Field(name, wrapper_class="seg rating"))
        for step in steps:
            name = f"step-{step.pk}"
            self.fields[name] = forms.ChoiceField(
                label=f"Step: {step.text}", choices=StepEnd.choices, widget=forms.RadioSelect
            )
            label = "How it went, or why it is no longer needed"
            self.fields[f"{name}-words"] = forms.CharField(label=label, max_length=300, required=False)
            self.initial.setdefault(f"{name}-words", step.words)
            parts += [Field(name, wrapper_class="seg"), f"{name}-words"]
        self.helper = plain_helper(*parts, Field("outcome", wrapper_class="seg rating"), "words")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for step in self.steps:
            words = f"step-{step.pk}-words"
            if cleaned.get(f"step-{step.pk}") == StepEnd.NOT_NEEDED and not cleaned.get(words):
                self.add_error(words, "Say in a few words why it is no longer needed.")
        return cleaned

    def ending(self) -> Ending:
        """What the service saves."""
        said = self.cleaned_data
        return Ending(
            outcome=said["outcome"],
            words=said["words"],
            targets={target.pk: said[f"target-{target.pk}"] for target in self.targets},
            steps={step.pk: (said[f"step-{step.pk}"], said[f"step-{step.pk}-words"]) for step in self.steps},
        )


class StepUpdateForm(StaleAwareForm):
    """How a step is going, a new day for it, or that it is no longer needed and why."""

    not_needed = forms.BooleanField(label="No longer needed (say why above)", required=False)

    class Meta:
        model = PlanStep
        fields = ("words", "due_on")
        widgets = {"due_on": DayInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("opened_with", "words", "due_on", "not_needed")

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("not_needed") and not self.cleaned_data.get("words"):
            self.add_error("words", "Say in a few words why it is no longer needed.")
