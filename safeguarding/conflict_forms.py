"""Whom to keep from a concern or from a child's file."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import User
from safeguarding import conflicts, selectors
from safeguarding.desk_forms import SELECT
from safeguarding.enums import Store
from safeguarding.forms import line
from safeguarding.models import Concern
from students.models import Student

THIS_CONCERN = "concern"


class KeptFromForm(forms.Form):
    """Who, from what, and why in a line."""

    person = forms.ModelChoiceField(
        User.objects.none(), label="Who", widget=forms.Select(attrs=SELECT),
        error_messages={"required": "Choose who is kept from it."},
    )  # fmt: skip
    what = forms.ChoiceField(label="From what", widget=forms.Select(attrs=SELECT))
    why = line(
        "Why", help_text="A relative, a friend, a party to it. They never see this, nor that they are kept from it."
    )

    def __init__(self, data: Any, *, concern: Concern, people: Sequence[User], children: Sequence[Student]) -> None:
        super().__init__(data, auto_id="kept-%s")
        self.concern, self.students = concern, {str(child.pk): child for child in children}
        who: Any = self.fields["person"]
        who.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        who.choices = [("", "Choose"), *((person.pk, str(person)) for person in people)]
        what: Any = self.fields["what"]
        everything = ((key, f"Everything about {child.name}") for key, child in self.students.items())
        what.choices = [(THIS_CONCERN, "This concern alone"), *everything]
        self.fields["why"].required = True
        self.fields["why"].error_messages["required"] = "Say why: it stands there for those who read it."

    @property
    def student(self) -> Student | None:
        """Whose whole file; None for this concern alone."""
        return self.students.get(self.cleaned_data["what"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        person = cleaned.get("person")
        if person and "what" in cleaned and conflicts.is_kept(
            person=person, concern=self.concern, student=self.student
        ):  # fmt: skip
            self.add_error("person", f"{person} is kept from it already.")
        return cleaned


def kept_form(by: User, concern: Concern, data: Any = None) -> KeptFromForm:
    """Offers everybody whose role reads such a file or may come to, but oneself."""
    store = Store(concern.store)
    everybody = selectors.people_who_read(store, by)
    if store == Store.CHILDREN:
        others = selectors.people_who_read(Store.STAFF, by) + selectors.people_to_come(store, by)
        everybody += [one for one in dict.fromkeys(others) if one not in everybody]
    people = [one for one in everybody if one.pk != by.pk]
    children = conflicts.children_to_keep(by, concern)
    return KeptFromForm(data, concern=concern, people=people, children=children)
