"""A reward or sanction, as a school settles it."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit

from accounts.models import School
from core.stale import StaleAwareForm
from tutoring.conduct.models import ConductType
from tutoring.conduct.selectors import types_of


class TypeForm(StaleAwareForm):
    """Name, what it is, whose it is, points and follow-up; what it is stays once entries may have it."""

    class Meta:
        model = ConductType
        fields = ("name", "meaning", "kind", "points", "house", "shared", "follow_up_days", "position", "is_active")
        labels: ClassVar[dict[str, str]] = {
            "meaning": "What it is for",
            "shared": "Offer it to the whole school",
            "follow_up_days": "Ask its author to follow it up after (days)",
            "is_active": "In use",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "name": "Entries made already keep the name they were counted under.",
            "meaning": "In plain words: when staff give it. It stands beside the field where they choose.",
            "kind": "It stays what it is. For the opposite, add another.",
            "points": "Count for a reward, and against for a sanction.",
            "house": "Empty: the whole school’s.",
            "shared": "Only matters for one of a single house: everybody may then use it.",
            "follow_up_days": "Leave empty where nothing is to be done afterwards.",
            "position": "Smaller numbers come first.",
            "is_active": "What is no longer in use stays on the entries made with it.",
        }

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.school = school
        self.initial["meaning"] = self.instance.definition
        self.fields["kind"].disabled = not self.instance._state.adding
        house: Any = self.fields["house"]
        house.queryset = school.houses.all()
        house.label, house.empty_label = f"Of one {school.house_label.lower()}", "The whole school"
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.add_input(Submit("save", "Save"))

    def clean(self) -> None:
        super().clean()
        name, house = self.cleaned_data.get("name"), self.cleaned_data.get("house")
        same = types_of(self.instance.school).exclude(pk=self.instance.pk).filter(name__iexact=name, house=house)
        if name and same.exists():
            self.add_error("name", "There is one of that name already.")
        if self.cleaned_data.get("shared") and not house:
            self.cleaned_data["shared"] = False
