"""Puts the form of a conversation together: its draft, its fields, its rows of steps, and who can read it.

`templates/tutor_sessions/_log_form.html` shows it wherever it stands: `{% include … with log=log %}`.
"""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from accounts import drafts
from accounts.drafts import Fields
from accounts.enums import Role
from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Student
from tutoring.groups.selectors import staff_who_see
from tutoring.sessions.agreement_forms import WISH, AgreedForm
from tutoring.sessions.agreements import agreements_of
from tutoring.sessions.enums import HOME_KINDS
from tutoring.sessions.forms import SessionForm
from tutoring.sessions.home import home_contact_of, usual_mode
from tutoring.sessions.home_forms import NAMES as HOME_NAMES
from tutoring.sessions.home_forms import HomeForm
from tutoring.sessions.models import Reflection, TutorSession
from tutoring.sessions.reading_level import hints_on_words
from tutoring.sessions.reflections import new_reflection, reflection_named
from tutoring.sessions.rights import LogRights, log_rights
from tutoring.sessions.selectors import kinds_of
from tutoring.sessions.services import Words
from tutoring.sessions.steps import StepFormSet, names_outside, rows_of_draft, rows_of_steps


@dataclass
class LogForm:
    """What the template needs. `version` is 0 for a new session."""

    student: Student
    draft: drafts.OpenForm
    form: SessionForm
    steps: StepFormSet
    agreed: AgreedForm
    home: HomeForm | None
    team: list[User]
    action: str
    version: int = 0
    offers_next: bool = False
    reflection: Reflection | None = None

    def is_valid(self) -> bool:
        """All parts are checked, so that all mistakes show at once."""
        valid = [self.form.is_valid(), self.steps.is_valid(), self.agreed.is_valid()]
        valid.append(self.home is None or self.home.is_valid())
        return all(valid) and self._home_fits()

    def _home_fits(self) -> bool:
        """Somebody at home is named for a kind that reaches home, else something said there would be lost."""
        if self.home is None or self.form.reaches_home or not self.home.says_something:
            return True
        self.home.add_error(
            "contact", "You named somebody at home. Choose a call home or a visit above, or empty this."
        )
        return False

    @property
    def agreed_hints(self) -> list[str]:
        """How hard the lines are that stand in the boxes already: of a draft, or of what was saved."""
        lines = [str(line.value() or "") for line in self.agreed.lines]
        return hints_on_words(lines, self.student.school.plain_year) if any(lines) else []

    def words(self) -> Words:
        """What the service saves, after `is_valid`."""
        words = self.form.words(self.steps, self.agreed)
        if self.home is None or words.kind not in HOME_KINDS:
            return words
        return replace(words, home=self.home.words(usual_mode(words.kind)))

    @property
    def home_is_open(self) -> bool:
        """Whether the boxes about home stand open from the start."""
        return bool(self.home and (self.form.reaches_home or self.home.errors or self.home.says_something))

    @property
    def save_url(self) -> str:
        return reverse("accounts:draft-save", args=[self.draft.form])

    @property
    def team_words(self) -> str:
        """Who "tutor team and house" is today, beside the author."""
        names = [str(user) for user in self.team[:6]]
        more = len(self.team) - len(names)
        if not names:
            return "nobody else"
        if more:
            return f"{', '.join(names)} and {more} more"
        return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def session_form_for(user: User, student: Student, token: str | None = None) -> LogForm | None:
    """The form to log a session with this student; None where this person may not. `token` is its `?draft=`."""
    rights = log_rights(user, student)
    return build_log_form(user, student, token=token, rights=rights) if rights.log else None


def build_log_form(
    user: User,
    student: Student,
    *,
    token: str | None = None,
    data: QueryDict | None = None,
    session: TutorSession | None = None,
    rights: LogRights | None = None,
    meant: Fields | None = None,
) -> LogForm:
    """The form, empty (or as `meant`), with its draft, with a saved session, or as it was sent (`data`)."""
    key = f"session-edit:{session.pk}" if session else f"session:{student.pk}"
    named = drafts.token_from(token)
    draft = drafts.reopen_form(user, key, data) if data else _draft_for(user, student, key, named, meant or {})
    steps = list(session.steps.filter(done_on__isnull=True).select_related("owner_staff")) if session else []
    team = _colleagues(user, student, Permission.VIEW_TEAM_SESSION)
    owners = list({u.pk: u for u in [*team, *(s.owner_staff for s in steps if s.owner_staff)]}.values())
    rows = rows_of_draft(draft.fields) if draft.restored else rows_of_steps(steps)
    colleagues = _colleagues(user, student, Permission.VIEW_STUDENT)
    rights = rights or log_rights(user, student, session)
    typed = draft.fields or meant or {}
    form = SessionForm(data, instance=session, student=student, colleagues=colleagues, typed=typed, rights=rights)
    kept = home_contact_of(session) if session else None
    said = None if session else _reflection(student, data)
    return LogForm(
        student=student,
        draft=draft,
        form=form,
        steps=StepFormSet(data, student=student, me=user, team=owners, rows=rows, outside=names_outside(steps)),
        agreed=AgreedForm(
            data,
            standing=list(agreements_of(session)) if session else [],
            typed=draft.fields if draft.restored else None,
            wish=said,
            student=student,
        ),
        home=HomeForm(data, student=student, saved=kept, typed=typed) if rights.home else None,
        team=team,
        action=_action(student, session),
        version=_version(draft, data, session),
        reflection=said,
        offers_next=session is None and bool(user.roles & {Role.TUTOR, Role.ONE_TO_ONE_TUTOR}),
    )


def _draft_for(user: User, student: Student, key: str, token: UUID | None, meant: Fields) -> drafts.OpenForm:
    """The draft named, else the newest; of another conversation than a link is for it stands among the others."""
    draft = drafts.open_form(user, key, token)
    if token is None and meant and draft.restored and not _may_be(draft.fields, meant, student):
        return drafts.open_form(user, key, uuid.uuid4())
    return draft


def _may_be(typed: Fields, meant: Fields, student: Student) -> bool:
    """Whether what was typed is of the same kind, on the same day, as far as both say one."""
    kinds = {str(kind.pk): [kind.kind] for kind in kinds_of(student.school)}
    said = typed | {"kind": kinds.get("".join(typed.get("kind", [])), [])}
    return all(not meant.get(name) or not said.get(name) or said[name] == meant[name] for name in ("kind", "held_on"))


def meant_by(query: QueryDict) -> Fields:
    """What a link to the form says of the conversation it is for: its day, kind, length and place; who at home."""
    names = ("held_on", "kind", "minutes", "place", *HOME_NAMES)
    return {name: [str(query[name])] for name in names if query.get(name)}


def _reflection(student: Student, data: QueryDict | None) -> Reflection | None:
    """What the student wrote for this 1:1: the one whose wish was ticked, though they wrote again meanwhile."""
    ticked = data.get(WISH) if data else None
    return (reflection_named(student, str(ticked)) if ticked else None) or new_reflection(student)


def _colleagues(user: User, student: Student, permission: Permission) -> list[User]:
    return list(staff_who_see(student, permission).exclude(pk=user.pk))


def _action(student: Student, session: TutorSession | None) -> str:
    if session:
        return reverse("tutor_sessions:session-update", args=[session.pk])
    return reverse("tutor_sessions:session-create", args=[student.pk])


def _version(draft: drafts.OpenForm, data: Any, session: TutorSession | None) -> int:
    """The version the text was begun on: from the form sent, else from the draft, else as it is now."""
    if session is None:
        return 0
    said = data.get("version") if data else draft.first("version")
    return int(said) if said and said.isdecimal() else session.version
