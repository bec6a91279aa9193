"""The form of an entry about several students: what was done, whom it concerns, and a note about one alone."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from accounts import drafts
from accounts.enums import Role
from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Contact, Student
from tutoring.groups.selectors import staff_who_see_each
from tutoring.sessions.enums import FOR_SEVERAL, HOME_KINDS, Confidentiality, Kind, Way
from tutoring.sessions.home import usual_mode
from tutoring.sessions.home_forms import HomeForm
from tutoring.sessions.models import SessionKind, TutorSession
from tutoring.sessions.selectors import kinds_in_use
from tutoring.sessions.services import Step
from tutoring.sessions.steps import DayInput
from tutoring.sessions.together_services import Meeting
from tutoring.sessions.whom import whom_line

# Boxes to tick, of which several may be.
TICKED = ("met", "named_staff")
NOT_HOME = "You said something of home. Choose a call home or a visit above, or empty this."


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

    def who_see(self, permission: Permission) -> list[User]:
        """Colleagues to choose from: who sees one of them; that they see each is asked of whoever is ticked."""
        seen = staff_who_see_each(self.students, permission) if self.students else {}
        return list(User.objects.filter(pk__in=set[UUID]().union(*seen.values()), is_active=True))


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
    met = forms.MultipleChoiceField(label="Colleagues", widget=forms.CheckboxSelectMultiple, required=False)
    named_staff = forms.ModelMultipleChoiceField(
        label="People I name", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = TutorSession
        fields = ("happened", "held_on", "way", "minutes", "place", "with_whom", "confidentiality")
        labels = {
            "happened": "What you did together", "held_on": "Day", "way": "How", "confidentiality": "Who can read this",
            "with_whom": "Anybody else, or in your own words",
        }  # fmt: skip
        widgets = {"happened": forms.Textarea(attrs={"rows": 3}), "held_on": DayInput}
        error_messages = {"happened": {"required": "Write a line about what you did."}}

    def __init__(
        self, data: QueryDict | None, *, me: User, school: School, circle: Circle, typed: drafts.Fields
    ) -> None:
        initial: dict[str, Any] = {name: values[0] for name, values in (typed or circle.meant).items() if values}
        super().__init__(data, initial=initial | {name: typed.get(name, []) for name in TICKED})
        self.students, self.family = circle.students, set(circle.family)
        self.home = _boxes(data, circle, typed)
        kind: Any = self.fields["kind"]
        offered = FOR_SEVERAL if self.family else FOR_SEVERAL - HOME_KINDS
        kind.queryset = kinds_in_use(school).filter(kind__in=offered)
        wanted = self.initial.get("kind") or circle.usual
        if wanted in Kind.values:
            self.initial["kind"] = next((k.pk for k in kind.queryset if k.kind == wanted), None)
        self._offer_levels(Confidentiality.levels(school.called[Role.TUTOR]))
        self._offer_people([user for user in circle.who_see(Permission.VIEW_STUDENT) if user != me])
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
            if name.startswith("there-") or name in TICKED:
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
        if boxes.says_anything and not self.reaches_home:
            boxes.add_error("contact", NOT_HOME)
        elif boxes.says_anything and not self.cleaned_data.get(f"there-{student.pk}"):
            boxes.add_error("contact", f"Tick {student.preferred_forename} too, or empty this.")
        return not boxes.errors

    def _offer_levels(self, levels: list[tuple[str, str]]) -> None:
        """A note about one alone may be for fewer than the text, never for more."""
        common: Any = self.fields["confidentiality"]
        common.choices = levels
        notes: Any = self.fields["notes_level"]
        team = [choice for choice in levels if choice[0] == Confidentiality.TEAM]
        notes.choices = [("", "Whoever can read the rest"), *team, (Confidentiality.NAMED.value, "Only me")]

    def _offer_people(self, colleagues: list[User]) -> None:
        named: Any = self.fields["named_staff"]
        named.queryset = User.objects.filter(pk__in=[user.pk for user in colleagues])
        named.choices = [(user.pk, str(user)) for user in colleagues]
        met: Any = self.fields["met"]
        met.choices = [(str(user), str(user)) for user in colleagues]
        way: Any = self.fields["way"]
        way.choices = [("", "Not said"), *Way.choices]

    @property
    def says_whom(self) -> bool:
        """Whether the box of whom one met stands open."""
        return bool(self["met"].value() or self["with_whom"].value() or self.errors.get("with_whom"))

    @property
    def there(self) -> list[Student]:
        """Whoever is ticked, after the form was checked."""
        return [student for student in self.students if self.cleaned_data.get(f"there-{student.pk}")]

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
        try:
            cleaned["with_whom"] = whom_line(cleaned.get("met", []), cleaned.get("with_whom", ""))
        except forms.ValidationError as error:
            self.add_error("with_whom", error)
        self._refuse_readers(cleaned)
        for student in self.students:
            if cleaned.get(f"note-{student.pk}") and not cleaned.get(f"there-{student.pk}"):
                self.add_error(f"note-{student.pk}", f"Tick {student.preferred_forename} too, or take the line away.")
        return cleaned

    def _refuse_beyond_family(self, cleaned: dict[str, Any]) -> None:
        for student in self.students:
            if cleaned.get(f"there-{student.pk}") and student.pk not in self.family:
                self.add_error(f"note-{student.pk}", f"{student.preferred_forename}’s family is not for you to reach.")

    def _refuse_readers(self, cleaned: dict[str, Any]) -> None:
        """Whoever is named must see each of them; and no note is read by more people than the text."""
        if cleaned.get("confidentiality") != Confidentiality.NAMED:
            return
        for blind in blind_to(self.there, cleaned.get("named_staff", []), Permission.VIEW_STUDENT).values():
            self.add_error("named_staff", blind)
        notes = any(cleaned.get(f"note-{student.pk}") for student in self.students)
        if notes and cleaned.get("notes_level") == Confidentiality.TEAM:
            self.add_error("notes_level", "More people would read the notes than the rest. Choose another line.")

    def meeting(self, steps: list[Step], agreed: list[str]) -> Meeting:
        """What the service saves, after all parts were found valid."""
        said = self.cleaned_data
        fields = {name: said[name] for name in self.Meta.fields}
        fields |= {"school_kind": said["kind"], "kind": said["kind"].kind}
        there = self.there
        notes = {student.pk: said[f"note-{student.pk}"] for student in there}
        home = {s.pk: self.home[s.pk].words(usual_mode(fields["kind"])) for s in there} if self.reaches_home else {}
        named = list(said["named_staff"])
        return Meeting(
            fields, there, notes, notes_level=said["notes_level"], home=home, named_staff=named, steps=steps,
            agreed=agreed,
        )  # fmt: skip


def blind_to(students: Sequence[Student], people: Iterable[User], permission: Permission) -> dict[User, str]:
    """Whoever of these people may not read of each of these students, with the first of whom they do not, in words.

    One statement, for however many; none where nobody is asked about.
    """
    wanted = list(dict.fromkeys(people))
    seen = staff_who_see_each(students, permission) if wanted else {}
    found = {user: next((s for s in students if user.pk not in seen[s.pk]), None) for user in wanted}
    return {
        user: f"This is not for {user} to read of {student.preferred_forename}. Choose somebody else."
        for user, student in found.items()
        if student
    }


def _boxes(data: QueryDict | None, circle: Circle, typed: drafts.Fields) -> dict[UUID, HomeForm]:
    """Student id → who is at home with them, and with nobody else: two who live apart stand each with their own child.

    One query for all of them.
    """
    found: dict[UUID, list[Contact]] = {key: [] for key in circle.family}
    for contact in Contact.objects.filter(student__in=circle.family).order_by("priority", "surname", "pk"):
        found[contact.student_id].append(contact)
    return {
        student.pk: HomeForm(
            data, student=student, typed=typed, contacts=found[student.pk], prefix=f"home-{student.pk}"
        )
        for student in circle.students
        if student.pk in found
    }
