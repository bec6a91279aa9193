"""The forms of a referral: sending it, a line of its history, closing it. All keep drafts."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.drafts import OpenForm
from accounts.models import User
from tutoring.followup.forms import DraftedForm, box
from tutoring.referrals.enums import CLOSED, REPLIES, Consent, NoteKind, Place, Status
from tutoring.referrals.models import Agency, Referral
from tutoring.referrals.services import AFTER_CHASING, Asked, Line
from tutoring.sessions.steps import DayInput

USUAL_WAIT = dt.timedelta(days=14)
FURTHEST = dt.timedelta(days=365)


def _day_ahead(day: dt.date) -> dt.date:
    today = timezone.localdate()
    if not today <= day <= today + FURTHEST:
        raise forms.ValidationError("Today or later, and within a year.")
    return day


class ReferralForm(DraftedForm):
    """To whom, why, on what consent, what goes with it, by when a reply is expected, who keeps it together."""

    agency = forms.ModelChoiceField(queryset=Agency.objects.none(), label="Refer to", empty_label="Choose…")
    reason = box(
        "Why",
        placeholder="What you have seen, since when, what you tried, and what you hope for",
        error_messages={"required": "Say why: they decide by it."},
    )
    consent = forms.ChoiceField(label="Consent", choices=Consent.choices, widget=forms.RadioSelect)
    consent_words = box(
        "Who agreed, when and how; or why it goes without",
        rows=2,
        required=False,
        help_text="Without consent the reason is compulsory: asking would put the student at risk, or is not possible.",
    )
    shared = box(
        "What you share with them",
        rows=2,
        placeholder="Facts and papers that go with it: only what they need",
        error_messages={"required": "Say what goes to them; this is the first line of what was shared."},
    )
    expected_by = forms.DateField(label="Reply expected by", widget=DayInput)
    key_person = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Key person", empty_label=None,
        help_text="Keeps it together: chases, notes replies, tells the referrer.",
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, draft: OpenForm, me: User, agencies: list[Agency], people: list[User]
    ) -> None:
        usual = {"expected_by": timezone.localdate() + USUAL_WAIT, "key_person": me.pk}
        super().__init__(data, draft=draft, initial=usual)
        agency: Any = self.fields["agency"]
        agency.queryset = Agency.objects.filter(pk__in=[a.pk for a in agencies])
        by_place = [(place.label, [(a.pk, a.name) for a in agencies if a.place == place]) for place in Place]
        agency.choices = [("", "Choose…"), *(group for group in by_place if group[1])]
        person: Any = self.fields["key_person"]
        person.queryset = User.objects.filter(pk__in=[p.pk for p in people])
        person.choices = [(p.pk, "Me" if p.pk == me.pk else str(p)) for p in people]

    def clean_expected_by(self) -> dt.date:
        return _day_ahead(self.cleaned_data["expected_by"])

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("consent") == Consent.NONE and not self.cleaned_data.get("consent_words"):
            self.add_error("consent_words", "It goes without consent: say why.")

    def asked(self) -> Asked:
        said = self.cleaned_data
        return Asked(**said | {"consent": Consent(said["consent"])})


def _next_day(referral: Referral) -> dt.date | None:
    """The day that is still to come; a day gone by is no day to wait for, so a week from now."""
    if referral.expected_by is None:
        return None
    today = timezone.localdate()
    return referral.expected_by if referral.expected_by > today else today + AFTER_CHASING


KINDS = [(kind.value, kind.label) for kind in NoteKind if kind != NoteKind.HANDED]


class NoteForm(DraftedForm):
    """A line of the history, with how the referral stands from then on and when the next reply is expected."""

    kind = forms.ChoiceField(label="What", choices=KINDS)
    words = box("In words", rows=3, required=False, placeholder="Who said what; what was sent to whom")
    status = forms.ChoiceField(
        label="It now stands",
        required=False,
        choices=[("", "As before"), *((status.value, status.label) for status in REPLIES)],
    )
    on = forms.DateField(label="Day", widget=DayInput)
    expected_by = forms.DateField(
        label="Next reply expected by", widget=DayInput, required=False, help_text="Empty: nothing is waited for."
    )

    def __init__(self, data: Any = None, *, draft: OpenForm, referral: Referral) -> None:
        self.referral = referral
        super().__init__(data, draft=draft, initial={"on": timezone.localdate(), "expected_by": _next_day(referral)})

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if not self.referral.sent_on <= day <= timezone.localdate():
            raise forms.ValidationError("From the day it was sent until today.")
        return day

    def clean_expected_by(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["expected_by"]
        return day if day is None or day == self.referral.expected_by else _day_ahead(day)

    def clean(self) -> None:
        super().clean()
        said = self.cleaned_data
        if said.get("kind") not in (None, NoteKind.REPLY, NoteKind.CHASED) and not said.get("words"):
            self.add_error("words", "Say it in words.")
        if self.referral.status == Status.SENT and not said.get("status") and not said.get("expected_by"):
            self.add_error("expected_by", "Until they answer, a reply is expected by some day.")

    def line(self) -> Line:
        said = self.cleaned_data
        status = Status(said["status"]) if said["status"] else None
        return Line(NoteKind(said["kind"]), said["on"], said["words"], status, said["expected_by"])


class CloseForm(DraftedForm):
    """How it ended, what came of it, what the referrer is told."""

    status = forms.ChoiceField(
        label="It is", choices=[(status.value, status.label) for status in CLOSED], widget=forms.RadioSelect
    )
    outcome = box("What came of it", error_messages={"required": "A referral closes with what came of it."})
    feedback = box(
        "Feedback to the referrer",
        rows=3,
        placeholder="What the one who referred should know, in a sentence or two",
        error_messages={"required": "A referral closes with a word to whoever made it."},
    )


class HandOverForm(forms.Form):
    """Another key person."""

    to = forms.ModelChoiceField(queryset=User.objects.none(), label="Key person", empty_label=None)

    def __init__(self, data: Any = None, *, people: list[User], now: User) -> None:
        super().__init__(data, initial={"to": now.pk})
        field: Any = self.fields["to"]
        field.queryset = User.objects.filter(pk__in=[p.pk for p in people])
        field.choices = [(p.pk, str(p)) for p in people]
        field.widget.attrs |= {"class": "form-select"}
