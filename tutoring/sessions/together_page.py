"""The page of an entry for several: its form and draft, with the steps and agreements that each of them is given."""

from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse

from accounts import drafts
from accounts.models import School, User
from accounts.permissions import Permission
from tutoring.sessions.agreement_forms import AgreedForm
from tutoring.sessions.steps import StepFormSet, rows_of_draft
from tutoring.sessions.together_form import Circle, TogetherForm, blind_to
from tutoring.sessions.together_services import Meeting


@dataclass(frozen=True)
class TogetherPage:
    """What the template needs of the form, its draft, and what each of them is given as rows of their own."""

    draft: drafts.OpenForm
    form: TogetherForm
    steps: StepFormSet
    agreed: AgreedForm

    @property
    def save_url(self) -> str:
        return reverse("accounts:draft-save", args=[self.draft.form])

    def is_valid(self) -> bool:
        """All parts are checked, so that all mistakes show at once."""
        valid = [self.form.is_valid(), self.steps.is_valid(), self.agreed.is_valid()]
        return all(valid) and self._owners_fit()

    def _owners_fit(self) -> bool:
        """A colleague is given steps with those only of whom they read conversations, as in the form for one."""
        owners = [step.owner_staff for step in self.steps.agreed()]
        others = [owner for owner in owners if owner and owner != self.steps.me]
        blind = blind_to(self.form.there, others, Permission.VIEW_TEAM_SESSION)
        for row, owner in zip(self.steps.worded, owners, strict=True):
            if owner in blind:
                row.add_error("who", blind[owner])
        return not blind

    def meeting(self) -> Meeting:
        """What the service saves, after `is_valid`."""
        return self.form.meeting([replace(step, pk=None) for step in self.steps.agreed()], self.agreed.texts())

    @property
    def steps_are_open(self) -> bool:
        """Whether something was typed there."""
        return any(row.errors or row["text"].value() or row["due_on"].value() for row in self.steps)


def build_together_page(
    user: User, school: School, key: str, circle: Circle, token: str | None, data: QueryDict | None
) -> TogetherPage:
    """The form, empty, with its draft, or as it was sent."""
    draft = drafts.reopen_form(user, key, data) if data else drafts.open_form(user, key, drafts.token_from(token))
    team = [colleague for colleague in circle.who_see(Permission.VIEW_TEAM_SESSION) if colleague != user]
    return TogetherPage(
        draft,
        TogetherForm(data, me=user, school=school, circle=circle, typed=draft.fields),
        StepFormSet(data, student=None, me=user, team=team, rows=rows_of_draft(draft.fields)),
        AgreedForm(data, standing=[], typed=draft.fields, student=None),
    )
