"""A reward or sanction, as a school settles it."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit

from accounts.models import House, School
from core.stale import StaleAwareForm
from tutoring.conduct.models import ConductType
from tutoring.conduct.selectors import types_of


class TypeForm(StaleAwareForm):
    """Name, what it is, whose it is, points and follow-up; what it is stays once entries may have it."""

    class Meta:
        model = ConductType
        fields: tuple[str, ...] = (
            "name", "meaning", "kind", "points", "house", "shared", "follow_up_days", "position", "is_active",
        )  # fmt: skip
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
        if name and (found := same.first()):
            self.name_taken(found)
        if self.cleaned_data.get("shared") and not house:
            self.cleaned_data["shared"] = False

    def name_taken(self, by: ConductType) -> None:
        self.add_error("name", "There is one of that name already.")


class HouseTypeForm(TypeForm):
    """The same for one house, by whoever leads it; whose it is stays, and so does what it was made from."""

    sent_before: ConductType | None = None

    class Meta(TypeForm.Meta):
        fields: tuple[str, ...] = (
            "house", "name", "meaning", "kind", "points", "shared", "follow_up_days", "is_active",
        )  # fmt: skip
        labels: ClassVar[dict[str, str]] = TypeForm.Meta.labels | {"shared": "Share it with the whole school"}
        help_texts: ClassVar[dict[str, str]] = TypeForm.Meta.help_texts | {
            "house": "",
            "shared": "Then it may be given to every student, and other houses can make it their own.",
            "is_active": "Take the tick away to end it: nobody gives it any more, and entries made with it stay.",
        }

    def __init__(self, *args: Any, school: School, houses: list[House], **kwargs: Any) -> None:
        super().__init__(*args, school=school, **kwargs)
        house: Any = self.fields["house"]
        house.label, house.required, house.empty_label = school.house_label, True, "Choose …"
        house.queryset = school.houses.filter(pk__in=[one.pk for one in houses])
        if self.instance._state.adding:
            del self.fields["is_active"]
            self.fields["name"].help_text = ""
            house.disabled = len(houses) == 1
            self.initial["house"] = houses[0].pk if house.disabled else None
            if self.instance.copied_from_id:
                self.fields["kind"].disabled = True
                self.helper.inputs[0].value = f"Use it in my {school.house_label.lower()}"
        else:
            house.disabled = True

    def name_taken(self, by: ConductType) -> None:
        """The same form again is no mistake: it was sent twice."""
        said = {name: self.cleaned_data.get(name) for name in self.fields if name in self.Meta.fields}
        if self.instance._state.adding and said == {name: getattr(by, name) for name in said}:
            self.sent_before = by
        else:
            super().name_taken(by)
