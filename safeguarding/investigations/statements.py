"""Statements: asked for, written once, let go with a reason; what is shown of them, and when."""

import base64
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record
from core.encryption import EncryptionError, open_json, seal_json
from core.ids import UUID
from safeguarding.investigations.enums import Entry, Written
from safeguarding.investigations.models import (
    Investigation,
    InvestigationEntry,
    Party,
    Statement,
    StatementKey,
    StatementWords,
)
from safeguarding.investigations.sealing import cipher_of
from safeguarding.keys import Cipher, new_cipher
from safeguarding.selectors import NOT_READABLE


class NotOpenError(Exception):
    """There is a finding: nobody is asked any more."""


class AlreadyInError(Exception):
    """It came already, or was let go."""


@transaction.atomic
def ask(*, by: User, investigation: Investigation, party: Party, question: str, token: UUID | None) -> Statement:
    """Of one person; a colleague is mailed that there is something to read. Raises EncryptionError, NotOpenError."""
    statement = Statement(
        party=party, investigation=investigation, staff_id=party.staff_id, asked_by=by, asked_at=timezone.now()
    )
    cipher = new_cipher()
    statement.wrapped = cipher_of(investigation).seal_bytes(statement, "wrapped", cipher.key)
    statement.question = cipher.seal(statement, "question", {"text": question})
    try:
        with transaction.atomic():
            statement.save(force_insert=True)
    except IntegrityError as error:
        raise NotOpenError from error
    if party.staff_id:
        key = StatementKey(statement=statement)
        key.under_ring = seal_json(key, "under_ring", base64.b64encode(cipher.key).decode())
        key.save(force_insert=True)
    discard_draft(by=by, token=token)
    record("file.investigation_asked", by=by, obj=investigation)
    return statement


@transaction.atomic
def take_down(*, by: User, statement: Statement, text: str, token: UUID | None) -> None:
    """By whoever looks into it, in the words of who says it. Raises EncryptionError, AlreadyInError."""
    _write(by, statement, _cipher_under(statement, cipher_of(statement.investigation)), Written.TAKEN, text, token)


@transaction.atomic
def write_own(*, by: User, statement: Statement, text: str, token: UUID | None) -> None:
    """By the colleague who is asked. Raises EncryptionError, AlreadyInError."""
    _write(by, statement, cipher_of_mine(statement), Written.OWN, text, token)


def _write(
    by: User, statement: Statement, cipher: Cipher, how: Written, text: str, token: UUID | None
) -> None:  # fmt: skip
    row = StatementWords(statement=statement, author=by, written_at=timezone.now(), how=how)
    row.words = cipher.seal(row, "words", {"text": text})
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except (IntegrityError, ProgrammingError) as error:
        # Let go a moment ago, the policy says it first.
        if isinstance(error, ProgrammingError) and not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        raise AlreadyInError from error
    discard_draft(by=by, token=token)
    # Nothing of which: a colleague who writes one may not learn there what it is about.
    record("file.statement_written", by=by)


@transaction.atomic
def let_go(*, by: User, statement: Statement, why: str) -> None:
    """It will not come: refused, withdrawn, nobody reaches them. Raises EncryptionError, AlreadyInError."""
    investigation = statement.investigation
    entry = InvestigationEntry(
        investigation=investigation, kind=Entry.LET_GO, author=by, written_at=timezone.now(), statement=statement
    )
    entry.words = cipher_of(investigation).seal(entry, "words", {"text": why})
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyInError from error
    record("file.investigation_let_go", by=by, obj=investigation)


def _cipher_under(statement: Statement, cipher: Cipher) -> Cipher:
    return Cipher(cipher.open_bytes(statement, "wrapped"))


def cipher_of_mine(statement: Statement) -> Cipher:
    """For the colleague who is asked: by the copy that goes once it came. Raises EncryptionError."""
    key = StatementKey.objects.filter(statement=statement).first()
    if key is None:
        raise EncryptionError("The key of this statement is not there.")
    return Cipher(base64.b64decode(open_json(key, "under_ring")))


def statements_asked_of(user: User) -> QuerySet[Statement]:
    """What this person is asked and has not written yet."""
    return Statement.objects.filter(staff=user, in_at=None, let_go_at=None).select_related("asked_by")


def question_of(statement: Statement, cipher: Cipher) -> str:
    return str(cipher.open(statement, "question")["text"])


@dataclass(frozen=True)
class Asked:
    """A statement as its investigation's page shows it; `text` only once nothing is waited for."""

    statement: Statement
    name: str
    question: str = ""
    text: str = ""
    words: StatementWords | None = None
    unreadable: str = ""


def statements_of(investigation: Investigation, names: dict[UUID, str]) -> list[Asked]:
    """In the order in which they were asked for. `names`: party → name."""
    rows = list(investigation.statements.select_related("staff").order_by("asked_at", "pk"))
    said = {row.statement_id: row for row in StatementWords.objects.filter(statement__in=rows).select_related("author")}
    try:
        cipher = cipher_of(investigation)
    except EncryptionError:
        return [Asked(row, names.get(row.party_id, ""), unreadable=NOT_READABLE) for row in rows]
    return [_asked(row, names.get(row.party_id, ""), said.get(row.pk), cipher) for row in rows]


def _asked(row: Statement, name: str, words: StatementWords | None, under: Cipher) -> Asked:
    try:
        cipher = _cipher_under(row, under)
        opened: dict[str, Any] = cipher.open(words, "words") if words else {}
        return Asked(row, name, question_of(row, cipher), str(opened.get("text", "")), words)
    except EncryptionError:
        return Asked(row, name, unreadable=NOT_READABLE)
