"""An action, what came of it, another day; a meeting."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from safeguarding.case.enums import DueKind, Ended, Gathering
from safeguarding.case.fields import CaseForm, OwnedForm, choice, day, in_words, tick
from safeguarding.case.models import Due
from safeguarding.case.timescales import what_follows
from safeguarding.desk_forms import MOST_AHEAD, SELECT
from safeguarding.forms import line, text_box

_DROPPED = (Ended.DROPPED.value, Ended.DROPPED.label)
# That a meeting was held is written with who was there.
WAYS_TO_END = {
    DueKind.ACTION: Ended.choices,
    DueKind.ANSWER: [(Ended.DONE.value, "They answered"), _DROPPED],
    DueKind.CHALLENGE: [(Ended.DONE.value, "They answered"), _DROPPED],
    DueKind.MEETING: [_DROPPED],
}


class ActionForm(OwnedForm):
    """What somebody does, by when."""

    heading = "An action"
    lede = "One thing that one person does by a day. It stands on their desk until they write down what came of it."
    text = text_box("What is to be done", rows=3, required=True, error_messages={"required": "Say what is to be done."})
    field_order = ["text", "owner", "due_on"]

    def said(self) -> list[tuple[str, str]]:
        return [
            ("In the hands of", str(self.cleaned_data["owner"])),
            ("By", in_words(self.cleaned_data["due_on"])),
        ]


class EndForm(CaseForm):
    """What came of it; it stays so."""

    heading = "What came of it"
    lede = "It stands on the file with your name and stays as it is; what turns out later gets an entry of its own."
    ended = forms.ChoiceField(label="How it ended", choices=Ended.choices, widget=forms.Select(attrs=SELECT))
    happened_on = day("Day")
    text = text_box("What came of it", rows=5, required=True, error_messages={"required": "Write what came of it."})
    significant = tick("Stands out in the chronology")
    field_order = ["ended", "happened_on", "text", "significant"]

    def __init__(self, *args: Any, kind: DueKind, **more: Any) -> None:
        super().__init__(*args, **more)
        ways: Any = self.fields["ended"]
        ways.choices = WAYS_TO_END[kind]

    def said(self) -> list[tuple[str, str]]:
        ways: Any = self.fields["ended"]
        return [("How it ended", dict(ways.choices)[self.cleaned_data["ended"]])]


class MoveForm(OwnedForm):
    """Another day, or somebody else; the old ones stay on the file."""

    heading = "Another day, or somebody else"
    lede = "The day before stays on the file, with the reason."
    why = line("Why")
    field_order = ["due_on", "owner", "why"]

    def __init__(self, *args: Any, before: Due, **more: Any) -> None:
        super().__init__(*args, **more)
        self.before = before
        self.fields["why"].required = True
        self.fields["why"].error_messages["required"] = "Say why: it stands on the file."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("due_on") == self.before.due_on and cleaned.get("owner") == self.before.owner:
            self.add_error("due_on", "It is of this day, and in these hands, already.")
        return cleaned

    def said(self) -> list[tuple[str, str]]:
        cleaned = self.cleaned_data
        hands = f"{cleaned['owner']}, before {self.before.owner or 'nobody'}"
        return [
            ("By", f"{in_words(cleaned['due_on'])}, before {in_words(self.before.due_on)}"),
            ("In the hands of", hands if cleaned["owner"] != self.before.owner else ""),
        ]


class MeetingForm(CaseForm):
    """A meeting that was held, or one that is to come."""

    heading = "A meeting"
    lede = (
        "One that was held, with who was there and what was agreed; or one to come, with its day. What must follow it"
        " by law comes to the desk by itself."
    )
    kind = choice("What it is", Gathering)
    held_on = day("Day")
    people = text_box("Who was there, or is asked to come", rows=2)
    text = text_box("What was said and agreed", rows=6)
    goes_on = tick(
        "It goes on to the next stage",
        help_text="After a strategy discussion: a conference. After a conference or a review: the child has a plan.",
    )
    next_kind = choice("Next meeting, if one was set", Gathering, required=False)
    next_on = day("Its day", required=False)
    why_late = line("Why it is later than the law allows", help_text="Only where a day is past the law’s last one.")
    significant = tick("Stands out in the chronology")

    def __init__(self, *args: Any, by_law: Mapping[Gathering, dt.date], **more: Any) -> None:
        super().__init__(*args, **more)
        self.by_law = by_law

    def usual(self, me: User) -> dict[str, Any]:
        return {"held_on": timezone.localdate().isoformat(), "significant": True}

    def clean_held_on(self) -> dt.date:
        held: dt.date = self.cleaned_data["held_on"]
        if held > timezone.localdate() + MOST_AHEAD:
            raise forms.ValidationError("Within a year.")
        return held

    @property
    def following(self) -> tuple[Gathering, dt.date] | None:
        """The next meeting, where one was set."""
        said = self.cleaned_data
        return (Gathering(said["next_kind"]), said["next_on"]) if said["next_on"] else None

    @property
    def is_held(self) -> bool:
        """Of a day until today."""
        return bool(self.cleaned_data["held_on"] <= timezone.localdate())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        held = cleaned.get("held_on")
        if not held:
            return cleaned
        if self.is_held:
            self.needs("text", "Write what was said and agreed.")
            self.needs("people", "Write who was there.")
        elif cleaned.get("goes_on") or cleaned.get("next_on"):
            self.add_error("held_on", "What follows is written down when it was held.")
        following = cleaned.get("next_on")
        if following:
            self.needs("next_kind", "Say which meeting comes next.")
            if not held < following <= held + MOST_AHEAD:
                self.add_error("next_on", "After this one, within a year.")
        elif cleaned.get("next_kind"):
            self.needs("next_on", "Say on what day.")
        if not self.errors:
            self._clean_law(cleaned)
        return cleaned

    def _clean_law(self, cleaned: dict[str, Any]) -> None:
        """A day past the last one that the law allows is taken only with a reason, which stands on the file."""
        kind, held = Gathering(cleaned["kind"]), cleaned["held_on"]
        for_next = dict(what_follows(kind, held)).get(cleaned["next_kind"]) if cleaned["goes_on"] else None
        limits = [(self.by_law.get(kind), held), (for_next, cleaned["next_on"])]
        late = [last for last, on in limits if last and on and on > last]
        if late:
            self.needs("why_late", f"The law’s last day is {in_words(late[0])}: say why it is later.")

    def said(self) -> list[tuple[str, str]]:
        cleaned = self.cleaned_data
        who = "Who was there" if self.is_held else "Asked to come"
        following = (
            f"{self.label_of('next_kind', Gathering)}, {in_words(cleaned['next_on'])}" if cleaned["next_on"] else ""
        )
        return [
            (who, cleaned["people"]),
            ("To come", "" if self.is_held else in_words(cleaned["held_on"])),
            ("Must follow by", self._must_follow()),
            ("Why later than the law allows", cleaned["why_late"]),
            ("Next", following),
        ]

    def _must_follow(self) -> str:
        """What the law wants after it, each with its last day."""
        cleaned = self.cleaned_data
        follow = what_follows(Gathering(cleaned["kind"]), cleaned["held_on"]) if cleaned["goes_on"] else []
        return "\n".join(f"{kind.label}: {in_words(last)}" for kind, last in follow)
