"""Writing a restrictive intervention down."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.drafts import OpenForm
from accounts.models import User
from safeguarding.body_map import MarksField, typed_marks
from safeguarding.forms import TICK, line, text_box
from safeguarding.restraint.enums import MyPart, Part, Reason, What
from safeguarding.restraint.services import Facts, Words
from students.models import Student

STAFF, WITNESSES = 5, 4
DAY = {"type": "date", "class": "form-control"}
CLOCK = {"type": "time", "class": "form-control"}
FURTHEST_BACK = dt.timedelta(days=366)
LONGEST = dt.timedelta(hours=12)


def ticks(label: str, choices: Any, missing: str, **more: Any) -> forms.MultipleChoiceField:
    """Several of a few."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple(attrs=TICK),
        error_messages={"required": missing}, **more,
    )  # fmt: skip


def moment(day: dt.date, at: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, at))


class IncidentForm(forms.Form):
    """Who, when, what and why; the rest as far as it is known."""

    student = line("Name of the pupil")
    my_part = forms.ChoiceField(
        label="Your part in it", choices=MyPart.choices, widget=forms.RadioSelect(attrs=TICK),
        error_messages={"required": "Say what you had to do with it."},
    )  # fmt: skip
    day = forms.DateField(label="Day", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    began = forms.TimeField(label="It began at", widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"))
    ended = forms.TimeField(label="It ended at", widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"))
    place = line("Where")
    kinds = ticks("What was used", What.choices, "Tick what was used; one record says all of it.")
    reasons = ticks("What it had to prevent", Reason.choices, "Tick what it had to prevent. The law knows no other.")
    before = text_box(
        "What led to it", rows=4, required=True,
        help_text="What happened, in order, as you saw it. What you think stands apart from what you saw.",
        error_messages={"required": "Write what led to it."},
    )  # fmt: skip
    tried = text_box(
        "What was tried first", rows=3, required=True,
        help_text="Words, space, time, a familiar person, leaving the room … and how it went; or that there was none.",
        error_messages={"required": "Write what was tried before, or that there was no time."},
    )  # fmt: skip
    why = text_box(
        "Why it was necessary", rows=3, required=True,
        help_text="What would have happened otherwise, to whom.",
        error_messages={"required": "Write why it was necessary."},
    )  # fmt: skip
    how = text_box(
        "What was done, and how much", rows=4, required=True,
        help_text="Who held what, how, how firmly, for how long; how it was let go. Its name, where it has one.",
        error_messages={"required": "Write what was done."},
    )  # fmt: skip
    pupil_hurt = forms.BooleanField(label="The pupil was hurt", required=False, widget=forms.CheckboxInput(attrs=TICK))
    staff_hurt = forms.BooleanField(label="Staff were hurt", required=False, widget=forms.CheckboxInput(attrs=TICK))
    pupil_injuries = text_box("Injuries of the pupil", rows=2)
    marks = MarksField(label="Marks you saw on the pupil", required=False)
    staff_injuries = text_box("Injuries of staff", rows=2)
    medical = text_box(
        "Medical help", rows=2, help_text="Who looked at whom, when, and what they said. Also that it was offered."
    )
    account = text_box(
        "What the pupil says of it", rows=3,
        help_text="In their own words, when they are ready. If they are not yet, leave it and add it later.",
    )  # fmt: skip
    support = text_box("Support afterwards", rows=2, help_text="For the pupil, for staff, for those who saw it.")
    others = line(
        "Other pupils who were there",
        help_text="Whole names, with commas between. They never stand in the letter home, and it is checked for them.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        draft: OpenForm,
        students: dict[str, Student],
        staff: dict[str, User],
        about: str = "",
    ) -> None:
        """`students`, `staff`: label → who it is; `about`: the label of the pupil to begin with."""
        typed: dict[str, Any] = {
            name: values if name in ("kinds", "reasons") else values[0]
            for name, values in draft.fields.items()
            if values
        }
        usual = {"day": timezone.localdate().isoformat(), "student": about}
        typed |= {"marks": typed_marks(draft.fields)} if draft.fields else {}
        super().__init__(data, initial=usual | typed)
        self.students, self.staff = students, staff
        self.fields["student"].widget.attrs["list"] = "students-known"
        self.fields["place"].required = True
        self.fields["place"].error_messages["required"] = "Write where it was."
        for name, label, most in (("staff", "Colleague who was involved", STAFF), ("witness", "Who saw it", WITNESSES)):
            for number in range(most):
                box = line(label if number == 0 else f"{label}, {number + 1}")
                box.widget.attrs["list"] = "staff-known"
                self.fields[f"{name}_{number}"] = box

    @property
    def staff_boxes(self) -> list[forms.BoundField]:
        return [self[f"staff_{number}"] for number in range(STAFF)]

    @property
    def witness_boxes(self) -> list[forms.BoundField]:
        return [self[f"witness_{number}"] for number in range(WITNESSES)]

    def clean_student(self) -> Student:
        name = self.cleaned_data["student"]
        if name not in self.students:
            raise forms.ValidationError(
                "Choose the pupil from the list: name and group. If you do not find them, ask somebody who looks after"
                " them to open this page and name you as involved."
            )
        return self.students[name]

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        today = timezone.localdate()
        if not today - FURTHEST_BACK <= day <= today:
            raise forms.ValidationError("A day until today, within a year.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("pupil_hurt") and not (cleaned.get("pupil_injuries") or cleaned.get("marks")):
            self.add_error("pupil_injuries", "Say how the pupil was hurt, or put a mark on the drawing.")
        if cleaned.get("staff_hurt") and not cleaned.get("staff_injuries"):
            self.add_error("staff_injuries", "Say who was hurt, and how.")
        if cleaned.get("day") and cleaned.get("began") and cleaned.get("ended"):
            self._check_times(self.started_at, self.ended_at)
        return cleaned

    def _check_times(self, began: dt.datetime, ended: dt.datetime) -> None:
        if ended < began:
            self.add_error("ended", "Not before it began.")
        elif ended > timezone.now():
            self.add_error("ended", "Not after now.")
        elif ended - began > LONGEST:
            self.add_error("ended", "That is more than twelve hours: look at the times again.")

    @property
    def started_at(self) -> dt.datetime:
        return moment(self.cleaned_data["day"], self.cleaned_data["began"])

    @property
    def ended_at(self) -> dt.datetime:
        return moment(self.cleaned_data["day"], self.cleaned_data["ended"])

    def _typed(self, name: str, most: int) -> list[str]:
        boxes = (self.cleaned_data.get(f"{name}_{number}", "") for number in range(most))
        return list(dict.fromkeys(text for text in boxes if text))

    def named(self, me: User) -> list[tuple[User, Part]]:
        """Colleagues chosen from the list, and whoever writes; a name that only looks like one stands in the words."""
        mine = MyPart(self.cleaned_data["my_part"])
        own = [] if mine == MyPart.TOLD else [(me, Part(mine.value))]
        involved = [(self.staff[name], Part.INVOLVED) for name in self._typed("staff", STAFF) if name in self.staff]
        saw = [(self.staff[name], Part.WITNESS) for name in self._typed("witness", WITNESSES) if name in self.staff]
        return [*own, *involved, *saw]

    def words(self) -> Words:
        said = self.cleaned_data
        names = (
            "my_part", "place", "before", "tried", "why", "how", "pupil_injuries", "staff_injuries", "medical",
            "account", "support", "others", "marks",
        )  # fmt: skip
        return Words(
            name=said["student"].name, staff=self._typed("staff", STAFF), witnesses=self._typed("witness", WITNESSES),
            **{name: said[name] for name in names},
        )  # fmt: skip

    def facts(self) -> Facts:
        said = self.cleaned_data
        return Facts(
            self.started_at, self.ended_at, said["kinds"], said["reasons"], said["pupil_hurt"], said["staff_hurt"]
        )
