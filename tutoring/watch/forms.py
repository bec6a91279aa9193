"""The forms of a watch: why and how often, a look in a line, and how it ended."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import QuerySet

from accounts.models import User
from core.stale import StaleAwareForm
from tutoring.watch.enums import OUTCOMES, Every, Kind, Outcome
from tutoring.watch.models import Watch

READ_BY = "The pastoral team reads it. A worry about safety goes under “Raise a concern”."


def _plain() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class WatchForm(forms.Form):
    """Why, how often, and who looks."""

    kind = forms.ChoiceField(
        label="Because", widget=forms.RadioSelect, initial=Kind.LEAVING,
        choices=[(kind.value, kind.label) for kind in (Kind.LEAVING, Kind.OWN)],
    )  # fmt: skip
    reason = forms.CharField(
        label="Why",
        max_length=300,
        help_text=READ_BY,
    )
    every = forms.TypedChoiceField(label="Look", choices=Every.choices, coerce=int, initial=Every.FORTNIGHT)
    who = forms.ModelChoiceField(User.objects.none(), label="Who looks", empty_label=None)

    def __init__(self, data: Any = None, *, people: QuerySet[User], me: User) -> None:
        super().__init__(data, initial={"who": me.pk})
        who: Any = self.fields["who"]
        who.queryset = people
        self.helper = _plain()


class ChangeForm(StaleAwareForm):
    """The same of a watch that goes on, but for what kind it is: then end it, and begin another."""

    class Meta:
        model = Watch
        fields = ("reason", "every", "who")
        labels: ClassVar[dict[str, str]] = {"reason": "Why", "every": "Look", "who": "Who looks"}
        help_texts: ClassVar[dict[str, str]] = {"reason": READ_BY}

    def __init__(self, data: Any = None, *, instance: Watch, people: QuerySet[User]) -> None:
        super().__init__(data, instance=instance)
        self.fields["reason"].required = True
        who: Any = self.fields["who"]
        who.queryset, who.empty_label = people | User.objects.filter(pk=instance.who_id), None
        self.helper = _plain()
        self.helper.render_hidden_fields = True


class LookForm(forms.Form):
    """A line, if there is something to say."""

    words = forms.CharField(label="In a line, if you like", required=False, max_length=300)


class NewcomerForm(LookForm):
    """The same of a new student, with the school they came from."""

    came_from = forms.CharField(label="Came from", required=False, max_length=120)


class EndForm(forms.Form):
    """How it ended; of somebody who left, why and where to."""

    outcome = forms.ChoiceField(label="How it ended", widget=forms.RadioSelect)
    left_why = forms.CharField(label="Why they left", required=False, max_length=200, help_text="Only where they left.")
    left_for = forms.CharField(
        label="Where they went", required=False, max_length=200, help_text="Only where they left."
    )

    def __init__(self, data: Any = None, *, kind: str, auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)
        outcome: Any = self.fields["outcome"]
        outcome.choices = [(one.value, one.label) for one in OUTCOMES[Kind(kind)]]
        self.helper = _plain()

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("outcome") == Outcome.LEFT:
            for name, words in (("left_why", "Say why."), ("left_for", "Say where, or that nobody knows.")):
                if not said.get(name):
                    self.add_error(name, words)
        return said
