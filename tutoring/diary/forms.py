"""The forms of the diary: a time with one student, what became of it, a slot of the week, a term in one go."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import School
from core.ids import UUID
from students.forms import DateInput
from students.models import Student
from students.selectors import school_days
from tutoring.diary.enums import WITH_REASON, State
from tutoring.diary.models import MINUTES, Appointment, Slot
from tutoring.diary.selectors import FreeSlot, mark_of_these
from tutoring.groups.models import TutorGroup
from tutoring.sessions.enums import HOME_KINDS, Kind
from tutoring.sessions.models import SessionKind

FURTHEST = dt.timedelta(days=400)
ANOTHER = "another"
PLACE = re.compile(r"^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (\S{16})$")


class TimeInput(forms.TimeInput):
    """The browser's own field for a time, which wants its value as 08:40."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PlaceForm(forms.Form):
    """When and where: one of the free times, or another one typed."""

    free = forms.ChoiceField(label="A free time", widget=forms.RadioSelect, required=False)
    day = forms.DateField(widget=DateInput(), required=False)
    starts_at = forms.TimeField(label="At", widget=TimeInput(), required=False)
    minutes = forms.IntegerField(initial=15, validators=MINUTES, required=False)
    room = forms.CharField(max_length=40, required=False)

    def __init__(self, data: Any = None, *, school: School, slots: list[FreeSlot], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.school = school
        self.slots = {key_of(slot): slot for slot in slots}
        free: Any = self.fields["free"]
        free.choices = [*((key, words_of(slot)) for key, slot in self.slots.items()), (ANOTHER, "Another time")]
        free.initial = free.initial or next(iter(self.slots), ANOTHER)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        first = ["kind"] if "kind" in self.fields else []
        other = Div("day", "starts_at", "minutes", "room", css_class="when-where another")
        self.helper.layout = Layout(*first, "free", other, *(["seen"] if "seen" in self.fields else []))

    def clean(self) -> None:
        chosen = self.cleaned_data.get("free")
        if chosen and chosen != ANOTHER:
            self.cleaned_data["slot"] = self.slots[chosen]
            return
        day, starts_at = self.cleaned_data.get("day"), self.cleaned_data.get("starts_at")
        for name, value in (("day", day), ("starts_at", starts_at)):
            if not value and name not in self.errors:
                self.add_error(name, "Choose a free time above, or give a day and a time.")
        if day and starts_at and not self.errors:
            self._check(day)
            given = self.cleaned_data
            self.cleaned_data["slot"] = FreeSlot(day, starts_at, given.get("minutes") or 15, given.get("room") or "")

    def _check(self, day: dt.date) -> None:
        today = timezone.localdate()
        if day < today:
            self.add_error("day", "That day is over. Log the session instead.")
        elif day > today + FURTHEST:
            self.add_error("day", "That is more than a year away; is the year right?")
        elif not self._may_be_out_of_school() and not school_days(self.school, day, day):
            self.add_error("day", "No student is in school on that day.")

    def _may_be_out_of_school(self) -> bool:
        raise NotImplementedError


class BookForm(PlaceForm):
    """One appointment, or one time for several; `kinds` are those of the school that this person may log with them."""

    kind = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, kinds: Sequence[SessionKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {str(kind.pk): kind for kind in kinds}
        usual = next(
            (key for key, kind in self.kinds.items() if kind.kind == Kind.ONE_TO_ONE), next(iter(self.kinds), "")
        )
        kind: Any = self.fields["kind"]
        kind.choices, kind.initial = [(key, found.name) for key, found in self.kinds.items()], usual

    def clean_kind(self) -> SessionKind:
        found = self.kinds.get(self.cleaned_data["kind"] or str(self.fields["kind"].initial))
        if found is None:
            raise ValidationError("The school has no kind of conversation in use.")
        return found

    def _may_be_out_of_school(self) -> bool:
        kind = self.cleaned_data.get("kind")
        return kind is not None and kind.kind in HOME_KINDS


class SeenForm(forms.Form):
    """Carries the mark of what the page showed; where it stands otherwise by now, nothing is written unseen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def refuse_changed(self, booked: Iterable[Appointment]) -> None:
        """Say how it stands now; sent again, the same is done to that."""
        found = list(booked)
        renewed: Any = self.data
        self.data = renewed = renewed.copy()
        renewed["seen"] = mark_of_these(found)
        names = ", ".join(str(one.student) for one in found)
        when = (
            f"{found[0].when}{f' in {found[0].room}' if found[0].room else ''} with {names}" if found else "not at all"
        )
        self.add_error(
            None,
            f"Somebody else changed this while you looked, so nothing was saved yet. It is booked {when} now."
            " Press again to do it all the same.",
        )


class MoveForm(SeenForm, PlaceForm):
    """Another time for what is booked; it opens with the time it has. `booked`: all whom it moves."""

    def __init__(self, *args: Any, appointment: Appointment, booked: Iterable[Appointment], **kwargs: Any) -> None:
        self.appointment = appointment
        names = ("day", "starts_at", "minutes", "room")
        initial = {name: getattr(appointment, name) for name in names}
        initial |= {"free": ANOTHER, "seen": mark_of_these(booked)}
        super().__init__(*args, school=appointment.student.school, initial=initial, **kwargs)

    def _may_be_out_of_school(self) -> bool:
        return self.appointment.kind in HOME_KINDS


class CancelForm(SeenForm):
    """Why none of those booked together will be seen."""

    reason = forms.CharField(
        max_length=200,
        widget=forms.TextInput(attrs={"id": "why-all"}),
        error_messages={"required": "Say why, in a few words."},
    )


class OutcomeForm(forms.Form):
    """Why it did not take place, in a few words, and how."""

    state = forms.ChoiceField(choices=[(state, state.label) for state in State if state in WITH_REASON])
    reason = forms.CharField(max_length=200)

    def __init__(self, data: Any = None, *, appointment: Appointment, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.appointment = appointment

    def clean_state(self) -> State:
        state = State(self.cleaned_data["state"])
        if state == State.MISSED and self.appointment.day > timezone.localdate():
            raise ValidationError("This day is still to come.")
        return state


class NotHeldForm(forms.Form):
    """What was missed or refused without having been booked: of which kind, when, and why."""

    not_held_kind = forms.ChoiceField(label="What")
    not_held_day = forms.DateField(label="Day", widget=DateInput(), initial=timezone.localdate)
    state = forms.ChoiceField(choices=[(state, state.label) for state in (State.MISSED, State.REFUSED)])
    reason = forms.CharField(label="Why, in a few words", max_length=200)

    def __init__(self, data: Any = None, *, kinds: Sequence[SessionKind]) -> None:
        super().__init__(data)
        self.kinds = {str(kind.pk): kind for kind in kinds}
        kind: Any = self.fields["not_held_kind"]
        kind.choices = [(key, found.name) for key, found in self.kinds.items()]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "not_held_kind" else "form-control"

    def clean_not_held_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["not_held_day"]
        if not timezone.localdate() - FURTHEST <= day <= timezone.localdate():
            raise ValidationError("Choose today or a day of the past year.")
        return day

    @property
    def kind(self) -> SessionKind:
        return self.kinds[self.cleaned_data["not_held_kind"]]

    @property
    def at(self) -> dt.datetime:
        """That day, at the time it is now."""
        now = timezone.localtime().time()
        return timezone.make_aware(dt.datetime.combine(self.cleaned_data["not_held_day"], now))


class SlotForm(forms.ModelForm):  # type: ignore[type-arg]
    """A time of the week that one gives."""

    class Meta:
        model = Slot
        fields = ("weekday", "starts_at", "minutes", "room", "starts_on", "ends_on")
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "starts_at": TimeInput(), "starts_on": DateInput(), "ends_on": DateInput(),
        }  # fmt: skip
        labels: ClassVar[dict[str, str]] = {"starts_at": "At", "starts_on": "From", "ends_on": "Until"}
        help_texts: ClassVar[dict[str, str]] = {"ends_on": "Leave empty to give it until further notice"}

    def __init__(self, *args: Any, mine: list[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mine = mine
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", "Add the time"))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        start, end = given.get("starts_on"), given.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", "The last day must not come before the first.")
        if not self.errors and any(self._meets(other, given) for other in self.mine):
            self.add_error("starts_at", "You give a time then already.")
        return given

    def _meets(self, other: Slot, given: dict[str, Any]) -> bool:
        wanted = Slot(**given)
        same_days = wanted.starts_on <= (other.ends_on or dt.date.max) and other.starts_on <= (
            wanted.ends_on or dt.date.max
        )
        same_time = wanted.starts_at < other.ends_at and other.starts_at < wanted.ends_at
        return other.weekday == wanted.weekday and same_days and same_time


class TermForm(forms.Form):
    """Whom to book, and between which days."""

    group = forms.ChoiceField(label="Whom", required=False)
    who = forms.ChoiceField(
        label="Of them", choices=[("", "Still to be seen this term"), ("all", "Everybody")], required=False
    )
    start = forms.DateField(label="From", widget=DateInput())
    end = forms.DateField(label="Until", widget=DateInput())

    def __init__(self, data: Any, *, groups: list[TutorGroup], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        group: Any = self.fields["group"]
        group.choices = [("", "All my students"), *((str(g.pk), g.name) for g in groups)]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    def clean_start(self) -> dt.date:
        start: dt.date = self.cleaned_data["start"]
        if start < timezone.localdate():
            raise ValidationError("That day is over. Choose today or a day to come.")
        return start

    def clean(self) -> None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and not start <= end <= start + FURTHEST:
            self.add_error("end", "Choose a day after the first, within a year.")


def key_of(slot: FreeSlot) -> str:
    """A free time as a form says it: 2026-11-24T08:40."""
    return f"{slot.day.isoformat()}T{slot.starts_at:%H:%M}"


def place_of(student: Student, slot: FreeSlot) -> str:
    """A student at a time, as a row of the preview says it."""
    return f"{student.pk} {key_of(slot)}"


def places_from(rows: list[str]) -> list[tuple[UUID, str]]:
    """The same read back: (student id, key of the time); what is neither is dropped."""
    return [(UUID(said[1]), said[2]) for row in rows if (said := PLACE.match(row))]


def words_of(slot: FreeSlot) -> str:
    """Tue 24 Nov 08:40, 15 min, Room 4."""
    said = f"{slot.day:%a} {slot.day.day} {slot.day:%b} {slot.starts_at:%H:%M}, {slot.minutes} min"
    return f"{said}, {slot.room}" if slot.room else said
