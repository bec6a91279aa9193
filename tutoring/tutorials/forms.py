"""The page of one meeting: what was covered, who was there, and why not where it was not held."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from accounts.drafts import Fields
from students.models import Student
from tutoring.tutorials.enums import There
from tutoring.tutorials.models import Topic
from tutoring.tutorials.selectors import State

SOMETHING_ELSE, LINE = "other", "form-control"


class Ticks(forms.MultipleChoiceField):
    """Of what was ticked, what stands in the list: a topic may be changed after its lines were shown."""

    lines: Sequence[str] = ()

    def offer(self, lines: Sequence[str]) -> None:
        """What may be ticked."""
        self.lines, self.choices = lines, [(line, line) for line in lines]

    def clean(self, value: Any) -> list[str]:
        ticked = super().to_python(value)
        return [line for line in self.lines if line in ticked]


@dataclass(frozen=True)
class Row:
    """One student of the form as the page draws it; `register`: what the day's register says, if anything unusual."""

    student: Student
    chosen: str
    register: str


class MeetingForm(forms.Form):
    """Begins as planned, or as saved, or with what was `typed`; for each student a choice `mark-<id>`.

    `new_lines`: another topic was chosen, whose lines are shown ticked.
    """

    opened_with = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    topic = forms.ChoiceField(label="Topic", widget=forms.Select(attrs={"class": "form-select"}))
    own_topic = forms.CharField(
        label="Its title, if it is something else", max_length=100, required=False,
        widget=forms.TextInput(attrs={"class": LINE, "placeholder": "Election of the form captain"}),
    )  # fmt: skip
    covered = Ticks(
        label="Covered", required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text="Untick what you did not get to.",
    )  # fmt: skip
    words = forms.CharField(
        label="In your own words", required=False, max_length=2_000,
        widget=forms.Textarea(attrs={"class": LINE, "rows": 3, "placeholder": "What you did, what to come back to"}),
    )  # fmt: skip
    note = forms.CharField(
        label="Note about the group", required=False, max_length=1_000,
        widget=forms.Textarea(attrs={"class": LINE, "rows": 2, "placeholder": "How the group is, what comes next"}),
        help_text="For those who look after the group. Nothing about single students: log those apart.",
    )  # fmt: skip
    not_held = forms.CharField(
        label="Why it was not held", max_length=200, required=False,
        widget=forms.TextInput(attrs={"class": LINE, "placeholder": "Assembly, exams, a trip"}),
    )  # fmt: skip

    def __init__(
        self,
        data: Any = None,
        *,
        typed: Fields,
        now: State | None,
        topics: Sequence[Topic],
        proposed: Topic | None,
        students: Sequence[Student],
        register: dict[Any, There],
        new_lines: bool = False,
    ) -> None:
        self.students, self.register, self.now = students, register, now
        self.topics = {str(topic.pk): topic for topic in topics}
        if now and now.topic:  # of another term, or of another year group, as it was then
            self.topics.setdefault(str(now.topic.pk), now.topic)
        super().__init__(data, initial=self._initial(typed, now, proposed))
        self._offer(new_lines)

    def _initial(self, typed: Fields, now: State | None, proposed: Topic | None) -> dict[str, Any]:
        saved: dict[str, Any] = {"topic": str(proposed.pk) if proposed else SOMETHING_ELSE, "opened_with": ""}
        if now:
            topic = str(now.topic.pk) if now.topic else SOMETHING_ELSE
            own, words = {"own_topic": now.own_topic, "not_held": now.not_held}, {"words": now.words, "note": now.note}
            saved = {"topic": topic, "opened_with": now.mark, "covered": list(now.covered), **own, **words}
        for student in self.students:
            usual = self.register.get(student.pk, There.PRESENT).value
            saved[f"mark-{student.pk}"] = now.marks.get(student.pk, usual) if now else usual
        if typed:
            saved |= {name: values[0] for name, values in typed.items() if values}
            saved["covered"] = typed.get("covered", [])
        return saved

    def _offer(self, new_lines: bool) -> None:
        """The topics, the lines of the chosen one (all ticked where it is new), and a choice for each student."""
        topic: Any = self.fields["topic"]
        topic.choices = [*((key, str(one)) for key, one in self.topics.items()), (SOMETHING_ELSE, "Something else")]
        chosen = self.topics.get(str(self["topic"].value()))
        lines = list(chosen.lines) if chosen else []
        if self.now and chosen == self.now.topic:  # lines that the programme said then
            lines += [line for line in self.now.covered if line not in lines]
        covered: Any = self.fields["covered"]
        covered.offer(lines)
        if new_lines or "covered" not in self.initial:
            self.initial["covered"] = lines
        for student in self.students:
            self.fields[f"mark-{student.pk}"] = forms.ChoiceField(choices=There.choices, label=student.name)

    @property
    def rows(self) -> list[Row]:
        """Everybody, by name."""
        return [
            Row(
                student,
                str(self[f"mark-{student.pk}"].value() or ""),
                str(found.label) if (found := self.register.get(student.pk)) and found != There.PRESENT else "",
            )
            for student in self.students
        ]

    @property
    def chosen(self) -> Topic | None:
        """The topic whose lines are shown."""
        return self.topics.get(str(self["topic"].value()))

    def clean(self) -> None:
        given = self.cleaned_data
        other = given.get("topic") == SOMETHING_ELSE
        if given.get("not_held") and given.get("words"):
            self.add_error("not_held", "Either it was not held, or you say what was covered: empty one of the two.")
        if other and not given.get("own_topic") and not given.get("not_held"):
            self.add_error("own_topic", "Say what it was about, or choose a topic.")

    def state(self) -> State:
        """What the service saves, after `is_valid`."""
        given = self.cleaned_data
        topic = self.topics.get(given["topic"])
        return State(
            topic=topic,
            own_topic="" if topic else given["own_topic"],
            covered=tuple(given["covered"]),
            words=given["words"],
            note=given["note"],
            not_held=given["not_held"],
            marks={student.pk: given[f"mark-{student.pk}"] for student in self.students},
        )

    def differing(self, theirs: State) -> str:
        """Their version in words, where it differs from what is typed here."""
        names = {student.pk: student.name for student in self.students}
        mine = self.state()
        away = [
            f"{names.get(key, 'somebody')} {There(mark).label.lower()}"
            for key, mark in theirs.marks.items()
            if mark != mine.marks.get(key)
        ]
        pairs = (
            ("Topic", theirs.topic or theirs.own_topic, mine.topic or mine.own_topic),
            ("Covered", "; ".join(theirs.covered) or "nothing ticked", "; ".join(mine.covered) or "nothing ticked"),
            ("In their words", theirs.words, mine.words),
            ("Note about the group", theirs.note, mine.note),
            ("Not held", theirs.not_held or "it was held", mine.not_held or "it was held"),
        )
        said = [f"{name}: “{there}”" for name, there, here in pairs if there != here]
        return "; ".join([*said, *([f"Attendance: {', '.join(away)}"] if away else [])])
