"""What people are typing, kept on the server until it is sent: opening, saving, forking, discarding drafts.

Two tabs never overwrite each other: a save from an older revision that would lose a word becomes a draft of its own.
Why and how: docs/decisions/0005-drafts.md.
"""

import datetime as dt
import re
import uuid
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Draft, User
from core.writers import stamp_of_writer

Fields = dict[str, list[str]]

KEEP_FOR = dt.timedelta(days=30)
MAX_BYTES = 200_000
MAX_DRAFTS = 200
MAX_TOUCHED_PER_MINUTE = 40
# "session:<uuid>": what is written, and about whom or what.
FORM_KEY = re.compile(r"[a-z][a-z-]{2,30}:[0-9a-f-]{36}(:[0-9a-f-]{36})?")
# Of the form, not of the text: never kept, never shown.
OWN_FIELDS = frozenset({"csrfmiddlewaretoken", "draft_form", "draft_token", "draft_revision", "writer", "then", "next"})


class TooMuchError(Exception):
    """The text is too long or there are too many drafts; nothing was saved."""


@dataclass(frozen=True)
class Saved:
    """Where the text stands after a save; `forked` when it became a draft of its own beside the other tab's."""

    draft: Draft
    forked: bool = False


@dataclass(frozen=True)
class OpenForm:
    """All that a template needs to open a form with drafts: hidden values, what came back, what else is unfinished."""

    form: str
    writer: str
    token: uuid.UUID
    revision: int = 0
    restored: Draft | None = None
    others: list[Draft] = field(default_factory=list)
    fresh_token: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def fields(self) -> Fields:
        """What was typed before: name → values, empty for a fresh form."""
        return self.restored.fields if self.restored else {}

    def renewed(self) -> "OpenForm":
        """The same form under a token of its own: what it sends next is a thing of its own."""
        return replace(self, token=uuid.uuid4(), revision=0)

    def first(self, name: str) -> str | None:
        """The one value typed before under that name, or None."""
        values = self.fields.get(name)
        return values[0] if values else None


def typed_fields(data: QueryDict) -> Fields:
    """The typed part of a sent form: no tokens, no passwords."""
    return {
        name: [str(value) for value in values]
        for name, values in data.lists()
        if name not in OWN_FIELDS and not name.startswith("password")
    }


def token_from(text: str | None) -> uuid.UUID | None:
    """The token a form or an address carries; None where it carries none that makes sense."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def drafts_of(user: User, form: str) -> QuerySet[Draft]:
    """This person's unfinished drafts of one form, the newest first."""
    return Draft.objects.filter(user=user, form=form).order_by("-updated_at")


def open_form(user: User, form: str, token: uuid.UUID | None = None) -> OpenForm:
    """The form with its newest draft, or the one named by token; an unknown token opens an empty form that uses it."""
    drafts = list(drafts_of(user, form)[:10])
    if token is None:
        restored = next((draft for draft in drafts if draft.is_readable), None)
        token = restored.token if restored else uuid.uuid4()
    else:
        restored = next((draft for draft in drafts if draft.token == token and draft.is_readable), None)
    others = [draft for draft in drafts if draft.token != token]
    revision = restored.revision if restored else 0
    return OpenForm(form, stamp_of_writer(user), token, revision, restored, others)


def reopen_form(user: User, form: str, data: QueryDict) -> OpenForm:
    """The same form shown again after it was sent with mistakes: its token stays, its text comes from the request."""
    token = token_from(data.get("draft_token")) or uuid.uuid4()
    draft = drafts_of(user, form).filter(token=token).first()
    others = list(drafts_of(user, form).exclude(token=token)[:10])
    return OpenForm(form, stamp_of_writer(user), token, draft.revision if draft else 0, others=others)


@transaction.atomic
def save_draft(*, by: User, form: str, token: uuid.UUID, revision: int, fields: Fields) -> Saved:
    """Keep what is typed. `revision` is the one this tab last heard of; the answer carries the new one.

    Raises TooMuchError beyond 200 kB, 200 drafts, or 40 drafts written to within a minute.
    """
    _check_size(by, fields)
    draft = Draft.objects.select_for_update().filter(token=token).first()
    if draft is None:
        return _new_draft(by, form, token, revision, fields)
    ours = draft.user_id == by.pk and draft.form == form and draft.is_readable
    if not ours or (draft.revision != revision and not _holds_all(fields, draft.fields)):
        return _forked(by, form, fields)
    draft.fields, draft.revision = fields, draft.revision + 1
    draft.save(update_fields=["sealed", "plain", "revision", "updated_at"])
    return Saved(draft)


def _new_draft(by: User, form: str, token: uuid.UUID, revision: int, fields: Fields) -> Saved:
    """Keeps the token also where the draft was sent or discarded before: it tells a repeated submit from a new one."""
    try:
        with transaction.atomic():
            return Saved(_added(by, form, token, revision + 1, fields))
    except IntegrityError:  # the other tab was quicker by a moment
        return _forked(by, form, fields)


def _forked(by: User, form: str, fields: Fields) -> Saved:
    return Saved(_added(by, form, uuid.uuid4(), 1, fields), forked=True)


def _added(by: User, form: str, token: uuid.UUID, revision: int, fields: Fields) -> Draft:
    draft = Draft(user=by, form=form, token=token, revision=revision)
    draft.fields = fields
    draft.save(force_insert=True)
    return draft


def _holds_all(new: Fields, old: Fields) -> bool:
    """Whether each old value is still there, grown at its end: then the same tab goes on after an answer got lost."""
    for name, values in old.items():
        grown = new.get(name, [])
        if len(grown) < len(values) or not all(n.startswith(o) for n, o in zip(grown, values, strict=False)):
            return False
    return True


def _check_size(by: User, fields: Fields) -> None:
    if sum(len(name) + len(value.encode()) for name, values in fields.items() for value in values) > MAX_BYTES:
        raise TooMuchError("This text is too long to be kept as a draft.")
    mine = Draft.objects.filter(user=by)
    minute_ago = timezone.now() - dt.timedelta(minutes=1)
    if mine.count() >= MAX_DRAFTS or mine.filter(updated_at__gt=minute_ago).count() >= MAX_TOUCHED_PER_MINUTE:
        raise TooMuchError("There are too many drafts; discard some that you no longer need.")


def discard_draft(*, by: User, token: uuid.UUID | None) -> int:
    """Remove this person's draft with that token; returns how many there were (0 or 1)."""
    return Draft.objects.filter(user=by, token=token).delete()[0] if token else 0


def purge_drafts(now: dt.datetime | None = None) -> int:
    """Remove drafts nobody has touched for 30 days; returns how many. Doing it twice does nothing more."""
    return Draft.objects.filter(updated_at__lt=(now or timezone.now()) - KEEP_FOR).delete()[0]
