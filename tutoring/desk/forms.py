"""The line of filters over the list of students."""

from typing import Any, cast

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.models import User
from accounts.permissions import Permission
from tutoring.desk.scopes import Scope
from tutoring.groups.models import TutorGroup

SHOW = {
    "unseen": ("Not seen 1:1 this term", Permission.VIEW_TEAM_SESSION),
    "absent": ("Attendance 90% or less", Permission.VIEW_ATTENDANCE),
    "overdue": ("A step is overdue", Permission.VIEW_SESSION),
    "due": ("A step is due this week", Permission.VIEW_SESSION),
    "sen": ("Special educational needs", Permission.VIEW_SUPPORT),
    "pp": ("Pupil premium", Permission.VIEW_SUPPORT),
    "eal": ("English as an additional language", Permission.VIEW_SUPPORT),
}
SORT = {
    "name": ("Name", Permission.VIEW_STUDENT),
    "seen": ("Longest since a 1:1", Permission.VIEW_TEAM_SESSION),
    "attendance": ("Lowest attendance", Permission.VIEW_ATTENDANCE),
}


class StudentFilter(forms.Form):
    """Which students, narrowed how, in which order. Unknown values fall back to the first choice."""

    scope = forms.ChoiceField(label="Whose", required=False)
    group = forms.ChoiceField(required=False)
    show = forms.ChoiceField(label="Only those with", required=False)
    sort = forms.ChoiceField(label="Sorted by", required=False)

    def __init__(self, *args: Any, user: User, scopes: list[Scope], groups: list[TutorGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("scope", [(scope.key, scope.label) for scope in scopes])
        label = user.school.tutor_group_label if user.school else "Group"
        self._choose("group", [("", "All"), *((str(g.pk), g.name) for g in groups)])
        self.fields["group"].label = label
        self._choose("show", [("", "Anything"), *_offered(SHOW, user)])
        self._choose("sort", _offered(SORT, user))
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_class = "filters"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields, StrictButton("Show", type="submit"))
        if len(scopes) < 2:
            self.fields["scope"].widget = forms.HiddenInput()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = choices

    def chosen(self, name: str) -> str:
        """The valid choice of that field, or "" where there is none."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))


def _offered(choices: dict[str, tuple[str, Permission]], user: User) -> list[tuple[str, str]]:
    return [(key, label) for key, (label, permission) in choices.items() if user.has_perm(permission)]
