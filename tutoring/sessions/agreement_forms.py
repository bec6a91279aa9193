"""The boxes for what was agreed inside the form of a conversation, and the student's own form for answering."""

from typing import Any

from django import forms
from django.urls import reverse

from core.ids import UUID
from students.models import Student
from tutoring.sessions.agreements import MOST, Said
from tutoring.sessions.enums import Answer
from tutoring.sessions.models import Agreement, Reflection

WISH = "agreed-wish"
LINES = [f"agreed-{number}" for number in range(MOST)]
LONGEST = 300
ANSWERS = [
    (Answer.CONFIRMED, "Yes, that is what we agreed"),
    (Answer.AMENDED, "I would say it in other words"),
    (Answer.DISPUTED, "I don’t agree"),
]


class AgreedForm(forms.Form):
    """Up to three short lines, as many as are not answered yet; an empty one is no agreement.

    What the student wants to do by themselves is taken among them with one tick.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        standing: list[Agreement],
        typed: dict[str, list[str]] | None,
        wish: Reflection | None = None,
        student: Student | None,
    ) -> None:
        """`standing`: the conversation's agreements; `typed`: what a draft held, where there is one.

        `student`: whose lines are looked at while they are typed; None for several.
        """
        super().__init__(data)
        self.wish = wish.wish if wish else ""
        if wish and wish.wish:
            tick = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
            self.fields[WISH] = forms.MultipleChoiceField(
                label=f"Take it as agreed: “{wish.wish}”", choices=[(str(wish.pk), wish.wish)], widget=tick,
                required=False, initial=(typed or {}).get(WISH),
            )  # fmt: skip
        self.answered = [a for a in standing if not a.is_open]
        before = [a.text for a in standing if a.is_open]
        for number in range(MOST - len(self.answered)):
            name = LINES[number]
            saved = before[number] if number < len(before) else ""
            field = forms.CharField(label=f"Agreement {number + 1}", max_length=LONGEST, required=False)
            field.initial = (typed.get(name) or [""])[0] if typed else saved
            field.widget.attrs |= {"class": "form-control", "autocomplete": "off"} | (
                _looked_at_while_typing(student) if student else {}
            )
            self.fields[name] = field

    def texts(self) -> list[str]:
        """What the student wants to do, where it is ticked, then the lines that have words, in their order."""
        lines = [text for name in self.fields if name != WISH and (text := self.cleaned_data[name])]
        return [self.wish, *lines] if self.cleaned_data.get(WISH) else lines

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get(WISH) and len(dict.fromkeys(self.texts())) > MOST - len(self.answered):
            self.add_error(WISH, "Three are enough: empty one of the lines, or leave this one out.")
        return cleaned

    @property
    def lines(self) -> list[forms.BoundField]:
        """The boxes for words."""
        return [self[name] for name in self.fields if name != WISH]

    @property
    def tick(self) -> forms.BoundField | None:
        """The box to tick, where the student wants to do something."""
        return self[WISH] if WISH in self.fields else None

    @property
    def is_used(self) -> bool:
        """Whether the boxes should stand open."""
        return bool(self.answered or self.errors or self.wish or any(self[name].value() for name in self.fields))


def _looked_at_while_typing(student: Student) -> dict[str, str]:
    """After a pause in the typing all the lines are looked at; nothing else of the form is sent."""
    return {
        "hx-post": reverse("tutor_sessions:agreed-check", args=[student.pk]),
        "hx-trigger": "input changed delay:600ms",
        "hx-params": ",".join(["csrfmiddlewaretoken", *LINES]),
        "hx-target": "#agreed-hints",
        "hx-sync": "#agreed-hints:replace",
    }


class AnswerForm(forms.Form):
    """The student's answer to one agreement; none of the three means not yet."""

    answer = forms.ChoiceField(label="What do you say?", choices=ANSWERS, widget=forms.RadioSelect, required=False)
    text = forms.CharField(label="In my own words", max_length=300, required=False)

    def __init__(self, data: Any = None, *, agreement: Agreement) -> None:
        super().__init__(data, prefix=str(agreement.position))
        self.agreement = agreement
        self.fields["text"].widget.attrs |= {"class": "form-control", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == Answer.AMENDED and not cleaned.get("text"):
            self.add_error("text", "Write how you would say it.")
        if cleaned.get("text") and not cleaned.get("answer"):
            self.add_error("answer", "Choose one of the three, so that your words are kept.")
        return cleaned


def said_in(forms_: list[AnswerForm]) -> dict[UUID, Said]:
    """The answers given in these valid forms."""
    given = [form for form in forms_ if form.cleaned_data.get("answer")]
    return {f.agreement.pk: Said(f.cleaned_data["answer"], f.cleaned_data.get("text", "")) for f in given}
