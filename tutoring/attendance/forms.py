"""The register as a form: everybody is present unless tapped, and one Save is for all."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from core.ids import UUID
from students.models import Student
from tutoring.attendance.enums import Session
from tutoring.attendance.meaning import codes_given_here, label_of
from tutoring.attendance.models import RegisterEntry
from tutoring.attendance.registers import PRESENT, Said, State

OTHER = "other"
LATE = frozenset({"L", "U"})
LONGEST_LATE = 600
# One tap each; everything else stands behind "Other".
USUAL = {"L": "Late", "N": "Absent", "I": "Ill"}
Choice = tuple[str, str]


@dataclass(frozen=True)
class RegisterRow:
    """One student as the page draws it; `chosen` is a code with a button of its own, or OTHER with `code` behind it."""

    student: Student
    chosen: str
    code: str
    codes: list[Choice]
    minutes: str
    said: list[RegisterEntry]
    said_otherwise: str
    theirs: str
    wrong: str


class RegisterForm(forms.Form):
    """For each student `mark-<id>`, the code behind Other `code-<id>` and `minutes-<id>`; one reason for all."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    opened_with = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=200, required=False)

    def __init__(
        self,
        data: Any,
        *,
        students: Sequence[Student],
        day: dt.date,
        session: Session,
        now: State,
        opened_with: str,
        said: dict[UUID, list[RegisterEntry]],
    ) -> None:
        super().__init__(data, initial={"submission": uuid.uuid4(), "opened_with": opened_with})
        self.students, self.day, self.now, self.said = students, day, now, said
        self.present = PRESENT[session]
        self.theirs: dict[UUID, str] = {}  # what somebody else saved meanwhile, in words
        self.choices: list[Choice] = [(self.present, "Present"), *USUAL.items(), (OTHER, "Other")]
        self.codes = [(code, words) for code, words in codes_given_here(day) if code not in USUAL]
        for student in students:
            self._add(student, *now[student.pk])

    def _add(self, student: Student, code: str, minutes: int | None) -> None:
        code = code or self.present
        tapped = code == self.present or code in USUAL
        self.fields[f"mark-{student.pk}"] = forms.ChoiceField(
            choices=self.choices, initial=code if tapped else OTHER, error_messages={"required": "Choose a mark."}
        )
        self.fields[f"code-{student.pk}"] = forms.ChoiceField(
            choices=[("", ""), *self._codes_of(student)], required=False, initial="" if tapped else code
        )
        self.fields[f"minutes-{student.pk}"] = forms.IntegerField(
            min_value=0, max_value=LONGEST_LATE, required=False, initial=minutes,
            error_messages={"invalid": "Minutes late are a whole number."},
        )  # fmt: skip

    def _codes_of(self, student: Student) -> list[Choice]:
        """What may be chosen; a mark that stands there from the export may stay, whatever it is."""
        code = self.now[student.pk][0]
        kept = code and code != self.present and code not in USUAL and code not in dict(self.codes)
        return [*self.codes, (code, label_of(code, self.day))] if kept else self.codes

    def clean(self) -> None:
        super().clean()
        for student in self.students:
            if self.cleaned_data.get(f"mark-{student.pk}") == OTHER and not self.cleaned_data.get(f"code-{student.pk}"):
                self.add_error(f"code-{student.pk}", "Choose the code behind Other.")

    @property
    def found(self) -> State:
        """student → (code, minutes late), after `is_valid`; minutes are kept beside a late mark only."""
        return {student.pk: self._found(student.pk) for student in self.students}

    def _found(self, key: UUID) -> Said:
        tapped = self.cleaned_data[f"mark-{key}"]
        code = self.cleaned_data[f"code-{key}"] if tapped == OTHER else tapped
        return code, self.cleaned_data[f"minutes-{key}"] if code in LATE else None

    @property
    def rows(self) -> list[RegisterRow]:
        """Everybody, by name."""
        return [self._row(student) for student in self.students]

    def _row(self, student: Student) -> RegisterRow:
        key = student.pk
        said, (code, minutes) = self.said.get(key, []), self.now[key]
        otherwise = said and (said[-1].code, said[-1].minutes_late) != (code, minutes)
        return RegisterRow(
            student=student,
            chosen=str(self[f"mark-{key}"].value() or ""),
            code=str(self[f"code-{key}"].value() or ""),
            codes=self._codes_of(student),
            minutes=str(self[f"minutes-{key}"].value() or ""),
            said=said if len(said) > 1 else [],
            said_otherwise=in_words((said[-1].code, said[-1].minutes_late), self.day) if otherwise else "",
            theirs=self.theirs.get(key, ""),
            wrong=" ".join(str(e) for name in ("mark", "code", "minutes") for e in self[f"{name}-{key}"].errors),
        )


def in_words(said: Said, day: dt.date) -> str:
    """ "Late, before the register closed (12 min)"."""
    code, minutes = said
    return f"{label_of(code, day)} ({minutes} min)" if minutes else label_of(code, day)
