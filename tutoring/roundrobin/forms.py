"""The form that asks, and the form that answers: of its last question each word is a button that sends."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from students.forms import DateInput
from tutoring.roundrobin.bank import BANK, BY_KEY, Proforma
from tutoring.roundrobin.models import Ask
from tutoring.roundrobin.selectors import USUAL_DAYS, Teaching

FURTHEST = dt.timedelta(weeks=9)


class AskForm(forms.Form):
    """Which proforma, whom, and until when; as it opens it can be sent."""

    round_id = forms.UUIDField(widget=forms.HiddenInput)
    proforma = forms.ChoiceField(
        label="What to ask", choices=[(p.key, f"{p.title}: {p.outline}") for p in BANK], widget=forms.RadioSelect
    )
    teachers = forms.ModelMultipleChoiceField(
        User.objects.none(), label="Who teaches them", widget=forms.CheckboxSelectMultiple, required=False
    )
    also = forms.ModelChoiceField(User.objects.none(), label="And also", required=False, empty_label="Nobody else")
    answer_by = forms.DateField(label="Answer by", widget=DateInput())

    def __init__(
        self, data: Any = None, *, teaching: Teaching, colleagues: QuerySet[User], days: tuple[dt.date, ...], by: User
    ) -> None:
        usual = days[:USUAL_DAYS][-1]
        taught = {user.pk: words for user, words in teaching.subjects.items() if user.pk != by.pk}
        initial = {
            "round_id": uuid.uuid4(), "proforma": BANK[0].key, "answer_by": usual, "teachers": list(taught),
        }  # fmt: skip
        super().__init__(data, initial=initial)
        self.teaching, self.today = teaching, days[0] - dt.timedelta(days=1)
        chosen: Any = self.fields["teachers"]
        chosen.queryset = User.objects.filter(pk__in=taught).order_by("last_name", "first_name", "pk")
        chosen.label_from_instance = lambda user: f"{user}, {taught[user.pk]}"
        others: Any = self.fields["also"]
        others.queryset = colleagues.exclude(pk__in=taught)

    def clean_answer_by(self) -> dt.date:
        day: dt.date = self.cleaned_data["answer_by"]
        if not self.today <= day <= self.today + FURTHEST:
            raise forms.ValidationError("Today or later, and within nine weeks.")
        return day

    def clean(self) -> None:
        if not self.cleaned_data.get("teachers") and not self.cleaned_data.get("also"):
            self.add_error("teachers", "Tick or add somebody to ask.")

    def people(self) -> dict[User, str]:
        """Whom to ask, with their subjects, after `is_valid`."""
        found = {user: self.teaching.subjects.get(user, "") for user in self.cleaned_data["teachers"]}
        also = self.cleaned_data.get("also")
        return found | ({also: ""} if also else {})

    def chosen(self) -> Proforma:
        """After `is_valid`."""
        return BY_KEY[self.cleaned_data["proforma"]]


class AnswerForm(forms.Form):
    """One field a question (`answer_0`, `answer_1`, …), and a line of text."""

    words = forms.CharField(label="Anything else (may stay empty)", max_length=300, required=False)

    def __init__(self, data: Any = None, *, ask: Ask) -> None:
        super().__init__(data, auto_id=f"id_{str(ask.pk)[-6:]}_%s")
        for number, question in enumerate(ask.questions):
            self.fields[f"answer_{number}"] = forms.ChoiceField(
                label=question["text"], choices=[(word, word) for word in question["words"]], widget=forms.RadioSelect,
                error_messages={"required": "Tap one of these first."},
            )  # fmt: skip
        self.count = len(ask.questions)

    @property
    def tapped(self) -> list[Any]:
        """The questions before the last."""
        return [self[f"answer_{number}"] for number in range(self.count - 1)]

    @property
    def sent_by(self) -> Any:
        """The last question, whose words send."""
        return self[f"answer_{self.count - 1}"]

    def answers(self) -> list[str]:
        """In the order of the questions, after `is_valid`."""
        return [self.cleaned_data[f"answer_{number}"] for number in range(self.count)]
