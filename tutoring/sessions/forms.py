"""The form of a conversation, the rows of steps agreed in it, and the small form of one step."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.drafts import Fields
from accounts.enums import Role
from accounts.models import User
from core.ids import UUID
from core.stale import StaleAwareForm
from students.models import Student
from tutoring.groups.selectors import staff_who_see
from tutoring.sessions.agreement_forms import AgreedForm
from tutoring.sessions.enums import HOME_KINDS, Confidentiality, Kind, Topic, Way
from tutoring.sessions.models import NextStep, SessionKind, TutorSession
from tutoring.sessions.rights import LogRights, kinds_for
from tutoring.sessions.selectors import kinds_of
from tutoring.sessions.services import Words
from tutoring.sessions.steps import DayInput, StepFormSet
from tutoring.sessions.tags import MOST, tags_beside
from tutoring.sessions.whom import whom_line

WELLBEING = [("1", "1 Low"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5 Well")]
# So old a conversation is a slip of the year, not a memory.
OLDEST = dt.timedelta(days=400)
# Of which one says with whom it was.
MEETINGS = frozenset({Kind.MEETING, Kind.AGENCY})


class Disclosure(Div):
    """Part of a form behind a line that opens it; the line is a template of its own."""

    template = "tutor_sessions/_disclosure.html"

    def __init__(self, *fields: Any, name: str, line: str, **kwargs: Any) -> None:
        super().__init__(*fields, **kwargs)
        self.name, self.line = name, line

    def render(self, form: forms.Form, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any) -> SafeString:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.template, context.flatten() | {"part": self, "fields": fields, "form": form})


class SessionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything about a conversation but its steps (StepFormSet)."""

    kind = forms.ModelChoiceField(
        queryset=SessionKind.objects.none(), widget=forms.RadioSelect, empty_label=None, required=False
    )
    topics = forms.MultipleChoiceField(
        label="What was it about", choices=Topic.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    wellbeing = forms.TypedChoiceField(
        label="How are they?",
        choices=WELLBEING,
        widget=forms.RadioSelect,
        coerce=int,
        empty_value=None,
        required=False,
    )
    tags = forms.MultipleChoiceField(label="Tags", widget=forms.CheckboxSelectMultiple, required=False)
    met = forms.MultipleChoiceField(label="Colleagues", widget=forms.CheckboxSelectMultiple, required=False)
    confidentiality = forms.ChoiceField(
        label="Who can read this",
        choices=Confidentiality.choices,  # with the school's word for a tutor, below
        widget=forms.RadioSelect,
        initial=Confidentiality.TEAM,
        required=False,
    )

    class Meta:
        model = TutorSession
        fields = (
            "topics", "happened", "own_note", "student_words", "wellbeing", "tags",
            "held_on", "way", "minutes", "place", "with_whom", "confidentiality", "named_staff", "for_report",
        )  # fmt: skip
        labels = {
            "happened": "What happened", "student_words": "In the student’s own words", "held_on": "Day", "way": "How",
            "with_whom": "Anybody else, or in your own words",
        }  # fmt: skip
        widgets = {
            "happened": forms.Textarea(attrs={"rows": 3}),
            "own_note": forms.Textarea(attrs={"rows": 2}),
            "student_words": forms.Textarea(attrs={"rows": 1, "placeholder": "Optional"}),
            "held_on": DayInput,
            "named_staff": forms.CheckboxSelectMultiple,
        }
        error_messages = {"happened": {"required": "Write a line about what happened."}}

    def __init__(
        self,
        data: Any = None,
        *,
        instance: TutorSession | None,
        student: Student,
        colleagues: list[User],
        typed: Fields,
        rights: LogRights,
    ) -> None:
        super().__init__(data, instance=instance, initial=self._initial(typed))
        self.student = student
        named: Any = self.fields["named_staff"]
        named.label, named.help_text = "People I name", ""
        named.queryset = staff_who_see(student)
        named.choices = [(user.pk, str(user)) for user in colleagues]
        met: Any = self.fields["met"]
        met.choices = [(str(user), str(user)) for user in colleagues]
        way: Any = self.fields["way"]
        way.choices = [("", "Not said"), *Way.choices]
        level: Any = self.fields["confidentiality"]
        level.choices = Confidentiality.levels(student.school.called[Role.TUTOR])
        self.kinds = kinds_for(student, rights, instance)
        kind: Any = self.fields["kind"]
        kind.queryset, kind.choices = kinds_of(student.school), [(k.pk, k.name) for k in self.kinds]
        if self.initial.get("kind") in Kind.values:  # a link to the form says what kind of thing it is for
            self.initial["kind"] = self._usual_kind(self.initial["kind"])
        self.initial.setdefault("kind", instance.school_kind_id if instance else self._usual_kind())
        words = f"{student.preferred_forename} is happy for their words and what we agreed to go on the report"
        self.fields["for_report"].label = words
        self.helper = _helper(tags=self._offer_tags(instance))
        self.fields["own_note"].label = f"About {student.preferred_forename} alone"
        if not rights.report:
            self._leave_out("for_report")
        if instance is None or instance.together is None:
            self._leave_out("own_note")

    def _leave_out(self, name: str) -> None:
        del self.fields[name]
        self.helper.layout.fields.remove(name)

    def _initial(self, typed: Fields) -> dict[str, Any]:
        """What a draft held, as initial values; a tick that is missing was not set."""
        if not typed:
            return {}
        ticks: dict[str, Any] = {"topics": typed.get("topics", []), "named_staff": typed.get("named_staff", [])}
        ticks["tags"], ticks["met"] = typed.get("tags", []), typed.get("met", [])
        ticks["for_report"] = "for_report" in typed
        names = ("kind", *self.Meta.fields)
        return ticks | {name: typed[name][0] for name in names if name not in ticks and typed.get(name)}

    def _offer_tags(self, instance: TutorSession | None) -> bool:
        """Those in use, and what it carries already; whether there are any."""
        offered = dict.fromkeys([*tags_beside(self.kinds), *(instance.tags if instance else [])])
        chosen: Any = self.fields["tags"]
        chosen.choices = [(name, name) for name in offered]
        return bool(offered)

    def clean_tags(self) -> list[str]:
        tags: list[str] = self.cleaned_data["tags"]
        if len(tags) > MOST:
            raise forms.ValidationError(f"Choose {MOST} at most, so that they say something.")
        return tags

    @property
    def tags_chosen(self) -> list[str]:
        """What the line of the folded box says."""
        return list(self["tags"].value() or [])

    def _usual_kind(self, wanted: str = Kind.ONE_TO_ONE) -> UUID | None:
        """A 1:1, or what is wanted, where the school has one."""
        return next((k.pk for k in self.kinds if k.kind == wanted), self.kinds[0].pk if self.kinds else None)

    def clean_kind(self) -> SessionKind:
        chosen = self.cleaned_data["kind"] or next((k for k in self.kinds if k.pk == self.initial["kind"]), None)
        if chosen not in self.kinds:
            raise forms.ValidationError("Choose what kind of conversation it was.")
        found: SessionKind = chosen
        return found

    def clean_confidentiality(self) -> str:
        return str(self.cleaned_data["confidentiality"] or Confidentiality.TEAM)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            cleaned["with_whom"] = whom_line(cleaned.get("met", []), cleaned.get("with_whom", ""))
        except forms.ValidationError as error:
            self.add_error("with_whom", error)
        return cleaned

    def clean_held_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")
        if day < timezone.localdate() - OLDEST:
            raise forms.ValidationError("This day is more than a year ago; is the year right?")
        return day

    def words(self, steps: StepFormSet, agreed: AgreedForm) -> Words:
        """What the service saves, after all parts were found valid."""
        fields = {name: self.cleaned_data[name] for name in self.fields if name not in ("named_staff", "kind", "met")}
        fields["school_kind"] = self.cleaned_data["kind"]
        named = list(self.cleaned_data["named_staff"])
        return Words(fields=fields, named_staff=named, steps=steps.agreed(), agreed=agreed.texts())

    @property
    def prompted(self) -> list[SessionKind]:
        """The kinds that have prompts."""
        return [kind for kind in self.kinds if kind.questions]

    @property
    def reaches_home(self) -> bool:
        """Whether the kind chosen is a call home or a visit."""
        chosen = str(self["kind"].value() or "")
        return any(str(kind.pk) == chosen and kind.kind in HOME_KINDS for kind in self.kinds)

    @property
    def when_is_usual(self) -> bool:
        """Whether day, minutes and place may stay folded away: nothing typed there, nothing wrong there."""
        today = timezone.localdate().isoformat()
        on_today = str(self["held_on"].value() or today) == today
        elsewhere = self["minutes"].value() or self["place"].value() or self["way"].value()
        return on_today and not elsewhere and not {"held_on", "way", "minutes", "place"} & set(self.errors)

    @property
    def says_whom(self) -> bool:
        """Whether the box of whom one met should stand open: somebody is named, or it is a meeting with staff."""
        chosen = str(self["kind"].value() or "")
        meeting = any(str(kind.pk) == chosen and kind.kind in MEETINGS for kind in self.kinds)
        return meeting or bool(self["met"].value() or self["with_whom"].value() or self.errors.get("with_whom"))

    @property
    def names_people(self) -> bool:
        """Whether the choice of readers should stand open."""
        return bool(self["confidentiality"].value() == Confidentiality.NAMED)


def _helper(*, tags: bool) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        Field("kind", wrapper_class="seg"),
        Field("topics", wrapper_class="topics"),
        HTML("{% include 'tutor_sessions/_prompts.html' %}"),
        "happened",
        "own_note",
        "student_words",
        Field("wellbeing", wrapper_class="seg wellbeing"),
        HTML("{% include 'tutor_sessions/_worried.html' %}"),
        HTML("{% include 'tutor_sessions/_steps.html' %}"),
        HTML("{% include 'tutor_sessions/_agreed_boxes.html' %}"),
        HTML("{% include 'tutor_sessions/_home_boxes.html' %}"),
        *[Disclosure(Field("tags", wrapper_class="topics"), name="tags", line="tutor_sessions/_tags_line.html")] * tags,
        Disclosure(
            Div("held_on", "way", "minutes", "place", css_class="when-where"),
            name="when",
            line="tutor_sessions/_when_line.html",
        ),
        Disclosure(
            Field("met", wrapper_class="topics"), "with_whom", name="whom", line="tutor_sessions/_whom_line.html"
        ),
        Disclosure(
            Field("confidentiality", wrapper_class="readers"),
            Field("named_staff", wrapper_class="topics named"),
            name="readers",
            line="tutor_sessions/_readers_line.html",
        ),
        "for_report",
    )
    return helper


class StepUpdateForm(StaleAwareForm):
    """How a step is going, and a new day for it."""

    class Meta:
        model = NextStep
        fields = ("outcome", "due_on")
        widgets = {"due_on": DayInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].required = True
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
