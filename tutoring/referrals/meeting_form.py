"""The form of a meeting about a student: who came, what was said and decided, when it meets again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from accounts.drafts import Fields
from accounts.enums import Role
from accounts.models import User
from students.models import Contact, Student
from tutoring.followup.forms import box
from tutoring.groups.selectors import staff_who_see
from tutoring.referrals.meetings import MEETINGS, Held
from tutoring.referrals.models import MeetingRecord, PersonAround
from tutoring.sessions.enums import Confidentiality
from tutoring.sessions.models import SessionKind, TutorSession
from tutoring.sessions.services import Words
from tutoring.sessions.steps import DayInput, StepFormSet

FURTHEST = dt.timedelta(days=400)
OTHERS = 4
OTHER_STAFF = "Other staff"
WAS_THERE = [("", "Not there"), ("came", "Came"), ("apologies", "Apologies")]


@dataclass(frozen=True)
class Seat:
    """Somebody who may have been there: the key of their row, the name as the minutes keep it, a warning beside it."""

    key: str
    name: str
    group: str
    warning: str = ""


Row = tuple[Seat, forms.BoundField, forms.BoundField]


def seats(
    student: Student, *, me: User, staff: Sequence[User], around: Sequence[PersonAround], home: Sequence[Contact]
) -> list[Seat]:
    """The student, people outside, the family, then staff, whoever writes first."""
    found = [Seat("student", f"{student.name} (student)", "Student")]
    found += [Seat(f"around-{person.pk}", str(person), "Outside school") for person in around]
    for contact in home:
        name = f"{contact.name} ({contact.relationship})" if contact.relationship else contact.name
        order = (
            "Court order: ask whoever leads safeguarding before they are invited or sent minutes."
            if contact.court_order
            else ""
        )
        found.append(Seat(f"home-{contact.pk}", name, "Family", order))
    found.append(Seat(f"staff-{me.pk}", str(me), "Staff"))
    return found + [Seat(f"staff-{user.pk}", str(user), OTHER_STAFF) for user in staff]


class MeetingForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the conversation keeps, and for each seat `there-<key>` and `copy-<key>`."""

    kind = forms.ModelChoiceField(SessionKind.objects.none(), label="What kind of meeting", empty_label=None)
    decided = box(
        "What was decided", rows=3, error_messages={"required": "A meeting is written up with what it decided."}
    )
    minutes_words = forms.CharField(
        label="How the minutes go, and on whose consent", max_length=300, required=False,
        widget=forms.TextInput(attrs={"placeholder": "On paper, by hand, as the family agreed on the day"}),
    )  # fmt: skip
    next_on = forms.DateField(
        label="Next meeting", required=False, widget=DayInput, help_text="You find it on Today a week before."
    )

    class Meta:
        model = TutorSession
        fields = (
            "held_on", "minutes", "place", "happened", "student_words", "confidentiality", "named_staff",
        )  # fmt: skip
        labels = {
            "happened": "What was said",
            "student_words": "What the student said, or wanted said",
            "held_on": "Day",
            "confidentiality": "Who can read this",
        }
        widgets = {
            "happened": forms.Textarea(attrs={"rows": 4}),
            "student_words": forms.Textarea(attrs={"rows": 2}),
            "held_on": DayInput,
            "confidentiality": forms.RadioSelect,
            "named_staff": forms.CheckboxSelectMultiple,
        }
        error_messages = {"happened": {"required": "Write a line about what was said."}}

    def __init__(
        self,
        data: Any = None,
        *,
        instance: TutorSession | None,
        student: Student,
        kinds: Sequence[SessionKind],
        at_table: Sequence[Seat],
        me: User,
        readers: Sequence[User],
        typed: Fields,
    ) -> None:
        kept = instance.meeting if instance else None
        self.seats = [*at_table, *_seats_kept(kept, at_table)]
        super().__init__(data, instance=instance, initial=self._initial(kept, me, typed))
        kind: Any = self.fields["kind"]
        kind.queryset = SessionKind.objects.filter(pk__in=[k.pk for k in kinds])
        self.initial.setdefault("kind", instance.school_kind_id if instance else _usual(kinds))
        level: Any = self.fields["confidentiality"]
        level.choices, level.required = Confidentiality.levels(student.school.called[Role.TUTOR]), False
        named: Any = self.fields["named_staff"]
        named.label, named.help_text, named.queryset = "People I name", "", staff_who_see(student)
        named.choices = [(user.pk, str(user)) for user in readers]
        for seat in self.seats:
            self.fields[f"there-{seat.key}"] = forms.ChoiceField(label=seat.name, choices=WAS_THERE, required=False)
            self.fields[f"copy-{seat.key}"] = forms.BooleanField(label=f"Minutes to {seat.name}", required=False)
        for number in range(OTHERS):
            self.fields[f"other-{number}"] = forms.CharField(
                label="Somebody else, and who they are", max_length=200, required=False
            )
            self.fields[f"there-other-{number}"] = forms.ChoiceField(
                label="Were they there", choices=WAS_THERE[1:], required=False
            )
            self.fields[f"copy-other-{number}"] = forms.BooleanField(label="Minutes to them", required=False)
        _dress(self)

    def _initial(self, kept: MeetingRecord | None, me: User, typed: Fields) -> dict[str, Any]:
        if typed:
            ticks = {name: True for name in typed if name.startswith("copy-")}
            single = {name: values[0] for name, values in typed.items() if values}
            return single | ticks | {"named_staff": typed.get("named_staff", [])}
        if kept is None:
            return {f"there-staff-{me.pk}": "came", "confidentiality": Confidentiality.TEAM}
        said: dict[str, Any] = {name: getattr(kept, name) for name in ("decided", "minutes_words", "next_on")}
        for seat in self.seats:
            there = "came" if seat.name in kept.came else "apologies" if seat.name in kept.apologies else ""
            said |= {f"there-{seat.key}": there, f"copy-{seat.key}": seat.name in kept.minutes_to}
        return said

    @property
    def table(self) -> list[tuple[str, list[Row], bool]]:
        """The seats by group, each with its two fields, and whether the group may stay folded."""
        groups: dict[str, list[Row]] = {}
        for seat in self.seats:
            groups.setdefault(seat.group, []).append((seat, self[f"there-{seat.key}"], self[f"copy-{seat.key}"]))
        return [
            (group, rows, group == OTHER_STAFF and not any(there.value() or copy.value() for _, there, copy in rows))
            for group, rows in groups.items()
        ]

    @property
    def others(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The free rows: a name, whether they came, whether they get the minutes."""
        return [(self[f"other-{n}"], self[f"there-other-{n}"], self[f"copy-other-{n}"]) for n in range(OTHERS)]

    def clean_held_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on"]
        if not timezone.localdate() - FURTHEST <= day <= timezone.localdate():
            raise forms.ValidationError("A day until today, and within the last year.")
        return day

    def clean_confidentiality(self) -> str:
        return str(self.cleaned_data["confidentiality"] or Confidentiality.TEAM)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        again, day = cleaned.get("next_on"), cleaned.get("held_on")
        if again and day and not day < again <= day + FURTHEST:
            self.add_error("next_on", "After this meeting, and within a year of it.")
        if not self._names("came"):
            self.add_error(None, "Say who came: at least one.")
        return cleaned

    def _names(self, there: str) -> list[str]:
        return [name for name, said, _ in self._rows() if said == there]

    def _rows(self) -> list[tuple[str, str, bool]]:
        said = self.cleaned_data
        rows = [(s.name, said.get(f"there-{s.key}", ""), said.get(f"copy-{s.key}", False)) for s in self.seats]
        for number in range(OTHERS):
            if name := said.get(f"other-{number}"):
                there = said.get(f"there-other-{number}") or "came"
                rows.append((name, there, said.get(f"copy-other-{number}", False)))
        return rows

    def words(self, steps: StepFormSet) -> Words:
        """What the conversation keeps, after all parts were found valid."""
        said = self.cleaned_data
        fields = {name: said[name] for name in self.Meta.fields if name != "named_staff"}
        fields["school_kind"] = said["kind"]
        # A meeting with others is no word of the student to the family: nothing of it goes on the report.
        return Words(fields=fields | {"for_report": False}, named_staff=list(said["named_staff"]), steps=steps.agreed())

    def held(self) -> Held:
        """What the record of the meeting keeps."""
        said = self.cleaned_data
        return Held(
            came=self._names("came"),
            apologies=self._names("apologies"),
            minutes_to=[name for name, _, copy in self._rows() if copy],
            decided=said["decided"],
            minutes_words=said["minutes_words"],
            next_on=said["next_on"],
        )


def _seats_kept(kept: MeetingRecord | None, offered: Sequence[Seat]) -> list[Seat]:
    """Those on the record who are not offered any more, or were written by hand."""
    if kept is None:
        return []
    known = {seat.name for seat in offered}
    names = dict.fromkeys([*kept.came, *kept.apologies, *kept.minutes_to])
    return [Seat(f"kept-{n}", name, "Others") for n, name in enumerate(names) if name not in known]


def _usual(kinds: Sequence[SessionKind]) -> Any:
    return next((kind.pk for kind in kinds if kind.kind == MEETINGS[0]), kinds[0].pk if kinds else None)


def _dress(form: MeetingForm) -> None:
    for name, shown in form.fields.items():
        if name.startswith("copy-") or isinstance(shown.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
            shown.widget.attrs["class"] = "form-check-input"
        elif isinstance(shown.widget, forms.Select):
            shown.widget.attrs["class"] = "form-select"
        else:
            shown.widget.attrs["class"] = "form-control"
