"""The small form of somebody around a student, and the choice of a key person."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms

from accounts.models import User
from core.stale import StaleAwareForm
from students.models import Student
from tutoring.referrals.around import contacts_to_name
from tutoring.referrals.enums import Consent
from tutoring.referrals.models import PersonAround
from tutoring.sessions.steps import DayInput


class PersonForm(StaleAwareForm):
    """Who, what they are to the student, how to reach them, what they may be told and on whose consent."""

    class Meta:
        model = PersonAround
        fields = (
            "contact", "name", "role", "phone", "email", "may_know", "consent", "consent_words",
            "since", "until", "note",
        )  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "contact": "From the directory",
            "role": "Who they are to them",
            "email": "E-mail",
            "may_know": "What they may be told",
            "consent": "Consent",
            "consent_words": "Who agreed, when and how; or why without",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "contact": "Somebody an agency names. Leave empty for anybody else, and write the name below.",
            "role": "Youth worker, social worker, mentor, step-grandparent who collects them…",
            "may_know": "Attendance only; what was agreed in the review; nothing about home…",
            "until": "Empty while they are concerned. With a day they stay on the list, as somebody from before.",
        }
        widgets: ClassVar[dict[str, Any]] = {"since": DayInput, "until": DayInput, "consent": forms.RadioSelect}

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.student = student
        contact: Any = self.fields["contact"]
        people = list(contacts_to_name(student))
        if self.instance.contact and self.instance.contact not in people:
            people.append(self.instance.contact)
        contact.queryset = contact.queryset.filter(pk__in=[person.pk for person in people])
        contact.choices = [("", "Nobody of the directory"), *((p.pk, f"{p.name}, {p.agency}") for p in people)]
        self.fields["name"].required = False
        consent: Any = self.fields["consent"]
        consent.choices = Consent.choices
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "opened_with", "contact",
            Div("name", "role", css_class="when-where"), Div("phone", "email", css_class="when-where"),
            "may_know", "consent", "consent_words", Div("since", "until", css_class="when-where"), "note",
        )  # fmt: skip

    def clean(self) -> None:
        super().clean()
        said = self.cleaned_data
        if not said.get("name"):
            said["name"] = said["contact"].name if said.get("contact") else ""
            if not said["name"]:
                self.add_error("name", "Say their name, or choose somebody of the directory.")
        if said.get("consent") == Consent.NONE and not said.get("consent_words"):
            self.add_error("consent_words", "They are told something without consent: say why.")
        if said.get("until") and said.get("since") and said["until"] < said["since"]:
            self.add_error("until", "Not before the day it began.")


class KeyPersonForm(forms.Form):
    """Somebody who may read what there is to keep together; empty for the tutor."""

    to = forms.ModelChoiceField(User.objects.none(), label="Key person", required=False, empty_label="As usual")

    def __init__(self, data: Any = None, *, people: list[User], now: User | None) -> None:
        super().__init__(data, initial={"to": now.pk if now else None})
        field: Any = self.fields["to"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        field.choices = [("", "As usual: whoever has their group"), *((person.pk, str(person)) for person in people)]
        field.widget.attrs |= {"class": "form-select"}
