"""What the list of sessions is narrowed to."""

from typing import Any

from django import forms

from accounts.models import School
from tutoring.sessions.enums import Topic
from tutoring.sessions.models import SessionKind, SessionTag
from tutoring.sessions.selectors import kinds_of
from tutoring.sessions.tags import tags_of


class SessionFilter(forms.Form):
    """Every field may stay empty."""

    whose = forms.ChoiceField(label="Whose", choices=[("", "Mine"), ("all", "All that I may read")], required=False)
    kind = forms.ModelChoiceField(
        label="Kind", queryset=SessionKind.objects.none(), empty_label="Every kind", required=False
    )
    topic = forms.ChoiceField(label="About", choices=[("", "Everything"), *Topic.choices], required=False)
    tag = forms.ModelChoiceField(
        label="Tag", queryset=SessionTag.objects.none(), empty_label="Any", to_field_name="name", required=False
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.queryset = kinds_of(school)
        tag: Any = self.fields["tag"]
        tag.queryset = tags_of(school)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"
