"""Whether the parents know, and a decision with the child in it."""

from typing import Any

from accounts.models import User
from safeguarding.case.enums import NotTold, Threshold, Told
from safeguarding.case.fields import CaseForm, choice, day, tick
from safeguarding.enums import Step, Store
from safeguarding.forms import line, text_box


class ParentsForm(CaseForm):
    """Whether the parents know, or why not."""

    heading = "Do the parents know?"
    lede = "Be open with a family unless that puts the child at more risk. Why they are not told stands on the file."
    told = choice("Do they know?", Told)
    who = line("Who was told")
    happened_on = day("Day they were told, or it was decided")
    by = line("Who told them")
    text = text_box("What they said", rows=4)
    reason = choice("Why not, or not yet", NotTold, required=False)
    reason_words = line("In words")

    def usual(self, me: User) -> dict[str, Any]:
        return super().usual(me) | {"by": str(me)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("told") == Told.YES:
            self.needs("who", "Say who was told.")
            self.needs("text", "Write what they said.")
            if cleaned.get("reason"):
                self.add_error("reason", "They were told: take the reason out.")
        elif cleaned.get("told"):
            self.needs("reason", "Say why not.")
            if cleaned.get("reason") == NotTold.OTHER:
                self.needs("reason_words", "Say which reason.")
        return cleaned

    def said(self) -> list[tuple[str, str]]:
        cleaned, yes = self.cleaned_data, self.cleaned_data["told"] == Told.YES
        reason = self.label_of("reason", NotTold)
        words = cleaned["reason_words"]
        return [
            ("Who was told", cleaned["who"]),
            ("Told by" if yes else "Decided by", cleaned["by"]),
            ("Why not", f"{reason}: {words}" if reason and words else reason or words),
        ]


class DecisionForm(CaseForm):
    """A decision with what it was weighed against, and with the child in it."""

    heading = "A decision"
    lede = (
        "What follows and why, what the child wants, and what else was possible. An earlier decision stays beside it."
    )
    step = choice("What follows", Step)
    text = text_box("Why this", rows=5, required=True, error_messages={"required": "Say why: it stands on the file."})
    threshold = choice("Weighed against", Threshold, required=False)
    child = text_box(
        "What the child says, feels and wants", rows=3, help_text="In their words, not what they were told."
    )
    no_child = line("Or why the child was not asked")
    instead = text_box("What else was possible, and why not that", rows=2)
    happened_on = day("Day")
    due_on = day("By", required=False)
    significant = tick("Stands out in the chronology")

    def usual(self, me: User) -> dict[str, Any]:
        return super().usual(me) | {"due_on": ""}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.concern.store == Store.CHILDREN and not cleaned.get("no_child"):
            self.needs("child", "Write what the child wants, or why they were not asked.")
        return cleaned

    def said(self) -> list[tuple[str, str]]:
        cleaned = self.cleaned_data
        return [
            ("Weighed against", self.label_of("threshold", Threshold)),
            ("What the child says and wants", cleaned["child"]),
            ("The child was not asked", cleaned["no_child"]),
            ("What else was possible", cleaned["instead"]),
        ]
