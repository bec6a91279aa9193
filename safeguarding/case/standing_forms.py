"""Where a child stands: the form, and what of the list is shown."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.drafts import OpenForm
from safeguarding.case.enums import Held, Ladder, PlanCategory, Work
from safeguarding.case.fields import choice, day, in_words
from safeguarding.case.models import Standing
from safeguarding.case.standing_services import Said
from safeguarding.case.standings import ORDERS, REVIEWS, Person, Shown, Wanted
from safeguarding.desk_forms import MOST_AHEAD, SELECT
from safeguarding.forms import line, text_box

PEOPLE = 6
PARTS = ("work", "name", "team", "phone", "mail")


class WantedForm(forms.Form):
    """What of the list is shown, in the address: no name is in it."""

    level = forms.ChoiceField(
        label="Where they stand", required=False, choices=[("", "Everybody"), *Ladder.choices],
        widget=forms.Select(attrs=SELECT),
    )  # fmt: skip
    review = forms.ChoiceField(
        label="Next day", required=False, choices=list(REVIEWS.items()), widget=forms.Select(attrs=SELECT)
    )
    order = forms.ChoiceField(
        label="Sorted by", required=False, choices=list(ORDERS.items()), widget=forms.Select(attrs=SELECT)
    )

    @property
    def wanted(self) -> Wanted:
        """Everything where the form is wrong: nobody is left out by mistake."""
        return Wanted(**self.cleaned_data) if self.is_valid() else Wanted()


class StandingForm(forms.Form):
    """A row of a child: the stage, its days, and who works with the child."""

    level = choice("Where the child stands", Ladder)
    category = choice("Category of the plan", PlanCategory, required=False)
    since = day("From")
    until = day("Until", required=False, help_text="Only once it has an end.")
    held = choice("A meeting that was held, if one was", Held, required=False)
    held_on = day("Its day", required=False)
    review_on = day("Next review or conference", required=False, help_text="Left empty: the last day the law allows.")
    core_on = day("Next core group", required=False, help_text="Of a plan. The first: within ten working days.")
    why_late = line("Why a day is later than the law allows")
    note = text_box("What there is to know", rows=4, help_text="What was agreed, and what the child wants.")

    def __init__(self, data: Any = None, *, draft: OpenForm, before: Shown | None) -> None:
        typed = {name: values[0] for name, values in draft.fields.items() if values}
        super().__init__(data, initial=_first(before) | typed)
        self.before = before.row if before else None
        for number in range(PEOPLE):
            self._add_person(number)

    def _add_person(self, number: int) -> None:
        works = [("", "Choose"), *Work.choices]
        self.fields |= {
            f"work_{number}": forms.ChoiceField(
                label="What they do", required=False, choices=works, widget=forms.Select(attrs=SELECT)
            ),
            f"name_{number}": line("Name"),
            f"team_{number}": line("Team"),
            f"phone_{number}": line("Telephone"),
            f"mail_{number}": forms.EmailField(
                label="E-mail", required=False, max_length=254,
                widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "off"}),
            ),
        }  # fmt: skip

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each person."""
        return [[self[f"{part}_{number}"] for part in PARTS] for number in range(PEOPLE)]

    @property
    def shown_people(self) -> int:
        """How many stand open: everybody who is there, and one more."""
        filled = [n for n, row in enumerate(self.rows, 1) if any(field.value() for field in row)]
        return min(PEOPLE, max(filled, default=0) + 1)

    def clean_since(self) -> dt.date:
        since: dt.date = self.cleaned_data["since"]
        if since > timezone.localdate():
            raise forms.ValidationError("A day until today.")
        return since

    def clean_held_on(self) -> dt.date | None:
        held: dt.date | None = self.cleaned_data["held_on"]
        if held and held > timezone.localdate():
            raise forms.ValidationError("A day until today.")
        return held

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_stage(cleaned)
        self._clean_held(cleaned)
        for number in range(PEOPLE):
            if any(cleaned.get(f"{part}_{number}") for part in PARTS) and not cleaned.get(f"name_{number}"):
                self.add_error(f"name_{number}", "Say who it is.")
        if not self.errors:
            self._clean_days(cleaned)
        return cleaned

    def _clean_stage(self, cleaned: dict[str, Any]) -> None:
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "Not before it began.")
        if cleaned.get("level") == Ladder.PLAN:
            if not cleaned.get("category"):
                self.add_error("category", "Choose the category of the plan.")
        elif cleaned.get("category") or cleaned.get("core_on") or cleaned.get("held") == Held.CORE:
            self.add_error("level", "A category and core groups are of a child protection plan: take them out.")

    def _clean_held(self, cleaned: dict[str, Any]) -> None:
        held, held_on, since = cleaned.get("held"), cleaned.get("held_on"), cleaned.get("since")
        if bool(held) != bool(held_on) and not {"held", "held_on"} & self.errors.keys():
            self.add_error("held_on", "Say which meeting it was, and its day.")
        if held_on and since and held_on < since:
            self.add_error("held_on", "Not before it began.")
        latest = timezone.localdate() + MOST_AHEAD
        for name in ("review_on", "core_on"):
            after = cleaned.get(name)
            if after and not (held_on or since or after) <= after <= latest:
                self.add_error(name, "After it began and after the meeting that was held, within a year from today.")

    def _clean_days(self, cleaned: dict[str, Any]) -> None:
        """Of a review that was held the old day is over; a day past the law's wants a reason."""
        before = self.before
        if before and cleaned["held"] == Held.REVIEW and cleaned["review_on"] == before.review_on:
            cleaned["review_on"] = None
        if before and cleaned["held"] == Held.CORE and cleaned["core_on"] == before.core_on:
            cleaned["core_on"] = None
        law = self.said.by_law(before)
        for name, last in (("review_on", law.review), ("core_on", law.core)):
            if cleaned[name] and last and cleaned[name] > last and not cleaned["why_late"]:
                self.add_error("why_late", f"The law’s last day is {in_words(last)}: say why it is later.")

    @property
    def said(self) -> Said:
        cleaned = self.cleaned_data
        fields = ("category", "until", "review_on", "core_on", "held", "held_on", "why_late", "note")
        people = [Person(*(cleaned[f"{part}_{number}"] for part in PARTS)) for number in range(PEOPLE)]
        return Said(
            Ladder(cleaned["level"]), cleaned["since"], people=[one for one in people if one.name],
            **{name: cleaned[name] for name in fields},
        )  # fmt: skip


def _first(before: Shown | None) -> dict[str, Any]:
    """What stands in it at first: the row that is changed, but for the meeting it told of."""
    if before is None:
        return {"since": timezone.localdate().isoformat()}
    row: Standing = before.row
    first: dict[str, Any] = {"level": row.level, "category": row.category}
    for name in ("since", "until", "review_on", "core_on"):
        value = getattr(row, name)
        first[name] = value.isoformat() if value else ""
    first |= {"note": before.note, "why_late": before.why_late}
    for number, one in enumerate(before.people[:PEOPLE]):
        first |= {f"{part}_{number}": getattr(one, part) for part in PARTS}
    return first
