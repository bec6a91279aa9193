"""Who at home, how and how it went: boxes inside the form of a session; and the form of a message of praise."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from accounts.drafts import Fields
from students.models import Contact, Student
from students.selectors import contacts_of_student
from tutoring.sessions.enums import Mode, Outcome, Tone
from tutoring.sessions.home import HomeWords, who
from tutoring.sessions.models import HomeContact
from tutoring.sessions.praise import AtHome, Urgent, first_choice

NOT_URGENT = (
    "You may not send an urgent message home. Nothing was sent, and your words are still here: send it without"
    " “urgent”, or ask whoever leads the house, the year or safeguarding to send it."
)
FIELDS = ("contact", "with", "mode", "tone", "outcome")
NAMES = tuple(f"home-{name}" for name in FIELDS)


def _label(contact: Contact) -> str:
    """A court order stands before the name."""
    return f"▲ court order: {who(contact)}" if contact.court_order else who(contact)


class HomeForm(forms.Form):
    """What is kept beside a call home or a visit; all of it may stay as it is.

    `contacts`: those of this student and of nobody else, where they were read already. `prefix`: where one form asks
    for several students.
    """

    prefix = "home"
    contact = forms.ModelChoiceField(
        queryset=Contact.objects.none(), label="Who", empty_label="Not said, or not on file", required=False
    )
    mode = forms.ChoiceField(label="How", choices=[("", "As usual"), *Mode.choices], required=False)
    outcome = forms.ChoiceField(label="What came of it", choices=Outcome.choices, required=False)
    tone = forms.ChoiceField(label="What news", choices=[("", "Not said"), *Tone.choices], required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        student: Student,
        saved: HomeContact | None = None,
        typed: Fields | None = None,
        contacts: Sequence[Contact] | None = None,
        prefix: str = "home",
    ) -> None:
        super().__init__(data, initial=_initial(saved, typed, prefix), prefix=prefix)
        self.fields["with"] = forms.CharField(label="Their name, if not on file", max_length=200, required=False)
        self.order_fields(["contact", "with", "mode", "outcome", "tone"])
        contacts = list(contacts_of_student(student)) if contacts is None else contacts
        contact: Any = self.fields["contact"]
        contact.queryset = contacts_of_student(student)
        contact.choices = [("", contact.empty_label), *((c.pk, _label(c)) for c in contacts)]
        for field in self.fields.values():
            choice = isinstance(field.widget, forms.Select)
            field.widget.attrs |= {"class": "form-select" if choice else "form-control", "autocomplete": "off"}

    def words(self, usual: Mode) -> HomeWords:
        """What the service keeps, after `is_valid`; `usual` is how home is reached by the kind chosen."""
        said = self.cleaned_data
        return HomeWords(
            contact=said["contact"],
            with_whom=said["with"],
            mode=said["mode"] or usual,
            tone=said["tone"],
            outcome=said["outcome"] or Outcome.REACHED,
        )

    @property
    def says_something(self) -> bool:
        """Whether anything stands here that would be lost."""
        return any(self[name].value() for name in ("contact", "with", "tone"))

    @property
    def says_anything(self) -> bool:
        """In a form that opens empty: how, and what came of it, are said too where they are not as usual."""
        usual = self["outcome"].value() in (None, "", Outcome.REACHED)
        return self.says_something or bool(self["mode"].value()) or not usual


def _initial(saved: HomeContact | None, typed: Fields | None, prefix: str) -> dict[str, Any]:
    names = {name: f"{prefix}-{name}" for name in FIELDS}
    if typed and any(name in typed for name in names.values()):
        return {name: typed[full][0] for name, full in names.items() if typed.get(full)}
    if saved is None:
        return {"outcome": Outcome.REACHED}
    return {
        "contact": saved.contact_id,
        "with": "" if saved.contact_id else saved.with_whom,
        "mode": saved.mode,
        "tone": saved.tone,
        "outcome": saved.outcome,
    }


class PraiseForm(forms.Form):
    """To whom, and the words. Only those who can be written to are offered.

    That it is urgent is asked of whoever may send such; said by anybody else, nothing is sent and the words stay.
    """

    contact = forms.ModelChoiceField(
        queryset=Contact.objects.none(),
        label="To",
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        empty_label=None,
        error_messages={"required": "Choose whom to write to.", "invalid_choice": "Choose whom to write to."},
    )
    text = forms.CharField(
        label="Message",
        max_length=1_500,
        widget=forms.Textarea(attrs={"rows": 5, "class": "form-control"}),
        error_messages={"required": "Choose a sentence or write one."},
    )

    urgent = forms.BooleanField(label="Urgent: it waits for nothing", required=False)
    tone = forms.ChoiceField(label="What news", choices=Tone.choices, initial=Tone.HARD, required=False)

    def __init__(
        self, data: Any = None, *, people: list[AtHome], text: str = "", chosen: str = "", may_urgent: bool = False
    ) -> None:
        self.people, self.may_urgent = people, may_urgent
        able = [person.contact for person in people if not person.obstacle]
        first = first_choice(people)
        keys = {str(contact.pk) for contact in able}
        super().__init__(data, initial={"contact": chosen if chosen in keys else first and first.pk, "text": text})
        contact: Any = self.fields["contact"]
        contact.queryset = Contact.objects.filter(pk__in=keys)
        contact.choices = [(person.contact.pk, _to(person)) for person in people if not person.obstacle]
        self.fields["urgent"].widget.attrs["class"] = "form-check-input"
        self.fields["tone"].widget.attrs["class"] = "form-select"
        if not may_urgent:
            del self.fields["urgent"], self.fields["tone"]

    def clean(self) -> None:
        if self.data.get("urgent") and not self.may_urgent:
            raise forms.ValidationError(NOT_URGENT)

    @property
    def as_urgent(self) -> Urgent | None:
        """After `is_valid`: None for praise, which waits as it should."""
        if not self.cleaned_data.get("urgent"):
            return None
        return Urgent(self.cleaned_data["tone"] or Tone.HARD)


def _to(person: AtHome) -> str:
    contact, weekly = person.contact, person.weekly_at
    known = "" if contact.parental_responsibility else " (no parental responsibility recorded)"
    with_it = f", with their weekly mail on {timezone.localtime(weekly):%-d %B}" if weekly else ""
    return f"{who(contact)}{known}, {contact.email}{with_it}"
