"""The form of an entry about several students: what was done, whom it concerns, and a note about one alone."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts import drafts
from accounts.enums import Role
from accounts.models import School, User
from core.ids import UUID
from students.models import Contact, Student
from tutoring.sessions.enums import FOR_SEVERAL, HOME_KINDS, Confidentiality, Kind
from tutoring.sessions.home import usual_mode
from tutoring.sessions.home_forms import HomeForm
from tutoring.sessions.models import SessionKind, TutorSession
from tutoring.sessions.selectors import kinds_in_use
from tutoring.sessions.steps import DayInput
from tutoring.sessions.together_services import Meeting

NOT_HOME = "You named somebody at home. Choose a call home or a visit above, or empty this."


@dataclass(frozen=True)
class Circle:
    """Whom an entry may concern: `students`, all ticked from the start (`whole`) or nobody.

    `usual`: the kind it opens with. `family`: those of them whose family this person may reach. `meant`: what a link
    says of it, as its day and kind.
    """

    students: Sequence[Student]
    usual: Kind = Kind.GROUP
    whole: bool = True
    family: Collection[UUID] = ()
    meant: drafts.Fields = field(default_factory=dict)


class KindSelect(forms.Select):
    """Marks the kinds that reach home: the page asks who was reached for these alone."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        found = getattr(value, "instance", None)
        if found is not None and found.kind in HOME_KINDS:
            option["attrs"]["data-home"] = True
        return option


class TogetherForm(forms.ModelForm):  # type: ignore[type-arg]
    """What stands with everybody, and for each student a tick `there-<id>` and a note `note-<id>`."""

    kind = forms.ModelChoiceField(
        queryset=SessionKind.objects.none(), empty_label=None, label="Kind", widget=KindSelect
    )
    notes_level = forms.ChoiceField(label="Who can read what concerns one alone", required=False)

    class Meta:
        model = TutorSession
        fields = ("happened", "held_on", "minutes", "place", "confidentiality")
        labels = {"happened": "What you did together", "held_on": "Day", "confidentiality": "Who can read this"}
        widgets = {"happened": forms.Textarea(attrs={"rows": 3}), "held_on": DayInput}
        error_messages = {"happened": {"required": "Write a line about what you did."}}

    def __init__(self, data: QueryDict | None, *, school: School, circle: Circle, typed: drafts.Fields) -> None:
        super().__init__(data, initial={name: values[0] for name, values in (typed or circle.meant).items() if values})
        self.students, self.family = circle.students, set(circle.family)
        self.home = _boxes(data, circle, typed)
        kind: Any = self.fields["kind"]
        offered = FOR_SEVERAL if self.family else FOR_SEVERAL - HOME_KINDS
        kind.queryset = kinds_in_use(school).filter(kind__in=offered)
        wanted = self.initial.get("kind") or circle.usual
        if wanted in Kind.values:
            self.initial["kind"] = next((k.pk for k in kind.queryset if k.kind == wanted), None)
        self._offer_levels(Confidentiality.levels(school.called[Role.TUTOR]))
        for student in self.students:
            ticked = f"there-{student.pk}" in typed if typed else circle.whole
            self.fields[f"there-{student.pk}"] = forms.BooleanField(label=student.name, required=False, initial=ticked)
            self.fields[f"note-{student.pk}"] = forms.CharField(
                label=f"About {student.name} alone",
                required=False,
                max_length=2_000,
                widget=forms.Textarea(attrs={"rows": 1}),
            )
        for name, shown in self.fields.items():
            if name.startswith("there-"):
                shown.widget.attrs["class"] = "form-check-input"
            else:
                shown.widget.attrs["class"] = "form-select" if isinstance(shown, forms.ChoiceField) else "form-control"

    @property
    def reaches_home(self) -> bool:
        kind = self.cleaned_data.get("kind")
        return kind is not None and kind.kind in HOME_KINDS

    def is_valid(self) -> bool:
        """With the boxes of whoever is there, where it reaches home; what is said elsewhere would be lost."""
        whole = super().is_valid()
        for student in self.students:
            if student.pk in self.home and not self._home_fits(student, self.home[student.pk]):
                whole = False
        return whole

    def _home_fits(self, student: Student, boxes: HomeForm) -> bool:
        if not boxes.is_valid():
            return False
        if boxes.says_something and not self.reaches_home:
            boxes.add_error(
                "contact", "You named somebody at home. Choose a call home or a visit above, or empty this."
            )
        elif boxes.says_something and not self.cleaned_data.get(f"there-{student.pk}"):
            boxes.add_error("contact", f"Tick {student.preferred_forename} too, or empty this.")
        return not boxes.errors

    def _offer_levels(self, levels: list[tuple[str, str]]) -> None:
        """Nobody is named here; a note about one alone may be for fewer than the text, never for more."""
        common: Any = self.fields["confidentiality"]
        common.choices = [choice for choice in levels if choice[0] != Confidentiality.NAMED]
        notes: Any = self.fields["notes_level"]
        team = [choice for choice in levels if choice[0] == Confidentiality.TEAM]
        notes.choices = [("", "Whoever can read the rest"), *team, (Confidentiality.NAMED.value, "Only me")]

    @property
    def rows(self) -> list[tuple[Student, forms.BoundField, forms.BoundField, HomeForm | None]]:
        """Each student with the tick, the line, and who is at home, where this person sees that."""
        return [
            (student, self[f"there-{student.pk}"], self[f"note-{student.pk}"], self.home.get(student.pk))
            for student in self.students
        ]

    def clean_held_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(f"there-{student.pk}") for student in self.students):
            self.add_error(None, "Tick whom it concerns.")
        if (kind := cleaned.get("kind")) and kind.kind in HOME_KINDS:
            self._refuse_beyond_family(cleaned)
        for student in self.students:
            if cleaned.get(f"note-{student.pk}") and not cleaned.get(f"there-{student.pk}"):
                self.add_error(f"note-{student.pk}", f"Tick {student.preferred_forename} too, or take the line away.")
        return cleaned

    def _refuse_beyond_family(self, cleaned: dict[str, Any]) -> None:
        for student in self.students:
            if cleaned.get(f"there-{student.pk}") and student.pk not in self.family:
                self.add_error(f"note-{student.pk}", f"{student.preferred_forename}’s family is not for you to reach.")

    def meeting(self) -> Meeting:
        """What the service saves, after the form was found valid."""
        said = self.cleaned_data
        fields = {name: said[name] for name in self.Meta.fields}
        fields |= {"school_kind": said["kind"], "kind": said["kind"].kind}
        there = [student for student in self.students if said[f"there-{student.pk}"]]
        notes = {student.pk: said[f"note-{student.pk}"] for student in there}
        home = {s.pk: self.home[s.pk].words(usual_mode(fields["kind"])) for s in there} if self.reaches_home else {}
        return Meeting(fields, there, notes, notes_level=said["notes_level"], home=home)


def _boxes(data: QueryDict | None, circle: Circle, typed: drafts.Fields) -> dict[UUID, HomeForm]:
    """Student id → who is at home with them, and with nobody else: two who live apart stand each with their own child.

    One query for all of them.
    """
    found: dict[UUID, list[Contact]] = {key: [] for key in circle.family}
    for contact in Contact.objects.filter(student__in=circle.family).order_by("priority", "surname"):
        found[contact.student_id].append(contact)
    return {
        student.pk: HomeForm(
            data, student=student, typed=typed, contacts=found[student.pk], prefix=f"home-{student.pk}"
        )
        for student in circle.students
        if student.pk in found
    }


@dataclass(frozen=True)
class TogetherPage:
    """What the template needs of the form and its draft."""

    draft: drafts.OpenForm
    form: TogetherForm

    @property
    def save_url(self) -> str:
        return reverse("accounts:draft-save", args=[self.draft.form])


def build_together_page(
    user: User, school: School, key: str, circle: Circle, token: str | None, data: QueryDict | None
) -> TogetherPage:
    """The form, empty, with its draft, or as it was sent."""
    draft = drafts.reopen_form(user, key, data) if data else drafts.open_form(user, key, drafts.token_from(token))
    return TogetherPage(draft, TogetherForm(data, school=school, circle=circle, typed=draft.fields))
