"""The form of a handover, and the one sentence with which the next tutor acknowledges it."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import QuerySet

from accounts.drafts import OpenForm
from accounts.enums import Role
from accounts.models import User
from core.stale import StaleAwareForm
from tutoring.handover.models import WORDS, Handover

HINTS = {
    "helps": "For example: a quiet word before the lesson, not in front of everybody",
    "hinders": "What adults do that makes it worse",
    "proud": "In school or out of it",
    "working_on": "What is going to be better next year",
    "go_to": "An adult here, a friend, somebody at home",
    "note": "What you would tell a colleague with the student listening. A worry about somebody’s safety goes"
    " under “Raise a concern”, not here.",
    "to": "Not known yet? Leave it open: then it is for whoever has them next.",
}


class HandoverForm(StaleAwareForm):
    """The student's words, a few lines to the next tutor, and who that is, if it is known."""

    class Meta:
        model = Handover
        fields = (*WORDS, "note", "to")
        widgets = {
            **{name: forms.Textarea(attrs={"rows": 3, "placeholder": HINTS[name]}) for name in WORDS},
            "note": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {name: HINTS[name] for name in ("note", "to")}

    def __init__(
        self, data: Any = None, *, draft: OpenForm, tutors: QuerySet[User], hand_over: bool = False, **more: Any
    ) -> None:
        typed = {name: values[0] for name, values in draft.fields.items() if values}
        super().__init__(data, **more)
        self.initial = {**self.initial, **typed}
        self.hand_over = hand_over
        tutor = self.instance.student.school.called[Role.TUTOR].mid
        self.fields["note"].label, self.fields["to"].label = f"From {tutor} to {tutor}", f"The next {tutor}"
        to: Any = self.fields["to"]
        to.queryset, to.empty_label = tutors, "Not known yet"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def _values(self, row: Any) -> dict[str, str]:
        """People by their names."""
        return super()._values(row) | {"to": str(row.to or "")}

    def clean(self) -> None:
        # Opened before there was one, while somebody else began it: that is a change as well.
        opened_with = self.cleaned_data.get("opened_with")
        super().clean()
        if not self.instance._state.adding and not opened_with:
            row = Handover.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
            said = {name: self.cleaned_data.get(name) for name in WORDS}
            if any(said[name] != getattr(row, name) for name in WORDS):
                self._refuse(row)
        if self.hand_over and not any(self.cleaned_data.get(name) for name in WORDS):
            self.add_error(None, "Nothing of the student’s own is here yet. Write at least one thing with them first.")


class AcknowledgeForm(forms.Form):
    """One sentence, if the next tutor likes."""

    first_thing = forms.CharField(
        label="The first thing I will do",
        required=False,
        max_length=300,
        help_text="One sentence, if you like. It stands on the page for the student and the team.",
    )
