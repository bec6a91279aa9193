"""Raising a concern, and what is done with it: each change and its line on the record are one transaction."""

import datetime as dt
import hashlib
import hmac
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from psycopg.errors import CheckViolation

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record
from core.encryption import EncryptionError, seal_json
from core.ids import UUID
from core.queueing import ring
from core.uploads import Accepted
from safeguarding import selectors
from safeguarding.attachments import attach, hashes
from safeguarding.enums import Kind, Level, Part, Status, Step, Store
from safeguarding.keys import Cipher, cipher_to_write, new_cipher, wrap_for, wrap_under_ring
from safeguarding.models import Concern, ConcernChild, ConcernKey, Entry, Receipt
from students.models import Student


@dataclass(frozen=True)
class Words:
    """What somebody raises, in their words: all of it is sealed. `names`: who it is about, as the form had them."""

    names: list[str]
    seen: str
    child_words: str = ""
    when: str = ""
    where: str = ""
    told: str = ""
    done: str = ""
    marks: list[dict[str, Any]] = field(default_factory=list)
    adult: str = ""
    arose_in: str = ""


@dataclass(frozen=True)
class Facts:
    """What is not sealed, because the desk sorts by it; read by the same few."""

    store: Store
    about_staff: User | None = None
    category: str = ""
    immediate: bool = False
    happened_on: dt.date | None = None
    follows: UUID | None = None


@transaction.atomic
def raise_concern(
    *, by: User, token: uuid.UUID, students: Sequence[Student], words: Words, facts: Facts,
    files: Sequence[Accepted] = (),
) -> UUID:  # fmt: skip
    """Seal it and put it on the file; returns the key of the receipt. The same form sent again gives the same one."""
    said = _said(students, words, facts, files)
    concern, receipt = (key_of(part, by, token, said) for part in ("concern", "receipt"))
    try:
        with transaction.atomic():
            entry, cipher = _put_on_file(by, concern, receipt, students, words, facts)
            attach(entry, cipher, files)
    except IntegrityError:
        if not Receipt.objects.filter(pk=receipt, reporter=by).exists():
            raise
    discard_draft(by=by, token=token)
    return receipt


def _put_on_file(
    by: User, pk: UUID, receipt: UUID, students: Sequence[Student], words: Words, facts: Facts
) -> tuple[Entry, Cipher]:
    Concern(
        id=pk,
        school_id=cast(UUID, by.school_id),  # whoever passed the permission check is at a school
        store=facts.store,
        reporter=by,
        about_staff=facts.about_staff,
        follows_id=facts.follows,
        category=facts.category,
        immediate=facts.immediate,
        happened_on=facts.happened_on,
        raised_at=timezone.now(),
    ).save(force_insert=True)
    Receipt(id=receipt, concern_id=pk, reporter=by, raised_at=timezone.now()).save(force_insert=True)
    ConcernChild.objects.bulk_create(ConcernChild(concern_id=pk, student=student) for student in students)
    cipher = new_cipher()
    # Of what is said of adults, whose reader knows no student, the key is under the ring; and of what is added to
    # something, which the database may send there.
    on_children = facts.store == Store.CHILDREN and facts.follows is None and facts.about_staff is None
    ConcernKey.objects.bulk_create(
        wrap_for(cipher, pk, [student.pk for student in students]) if on_children else [wrap_under_ring(cipher, pk)]
    )
    entry = Entry(concern_id=pk, kind=Kind.RAISED, author=by, written_at=timezone.now(), happened_on=facts.happened_on)
    entry.words = cipher.seal(entry, "words", asdict(words))
    entry.save(force_insert=True)
    # Nothing of whom or what: whoever searches the record may not learn that there is a concern.
    record("file.raised", by=by)
    ring("safeguarding.send_alerts")
    return entry, cipher


def _said(students: Sequence[Student], words: Words, facts: Facts, files: Sequence[Accepted]) -> list[Any]:
    """So what is sent twice stands there once, and what is sent again with other words is a second concern: nothing
    that somebody wrote is ever dropped as "sent before".
    """
    about = str(facts.about_staff and facts.about_staff.pk)
    who = sorted(str(student.pk) for student in students)
    return [who, asdict(words), asdict(facts) | {"about_staff": about}, hashes(files)]


def key_of(part: str, by: User, token: uuid.UUID, said: list[Any]) -> UUID:
    """A key that is random to everybody else, and the same for the same form with the same words."""
    text = json.dumps([part, str(by.pk), str(token), said], default=str)
    digest = hmac.new(settings.SECRET_KEY.encode(), b"waymark.concern|" + text.encode(), hashlib.sha256).digest()
    return uuid.UUID(bytes=digest[:16], version=4)


class SentOnError(Exception):
    """The child's file went to the next school and rests here (safeguarding.transfer)."""


@transaction.atomic
def add_entry(
    *, by: User, concern: Concern, kind: Kind, words: dict[str, Any], happened_on: dt.date | None = None,
    significant: bool = False, files: Sequence[Accepted] = (), token: uuid.UUID | None = None,
) -> bool:  # fmt: skip
    """Write something on the file; it is never changed afterwards. The same form sent twice stands there once: then
    False.
    """
    entry = Entry(
        concern=concern, kind=kind, author=by, happened_on=happened_on, significant=significant,
        written_at=timezone.now(),
    )  # fmt: skip
    if token:
        entry.id = key_of("entry", by, token, [str(concern.pk), kind.value, words, str(happened_on), hashes(files)])
    cipher = cipher_to_write(concern)
    entry.words = cipher.seal(entry, "words", words)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
            attach(entry, cipher, files)
    except IntegrityError as error:
        if isinstance(error.__cause__, CheckViolation) and "was sent on" in str(error):
            raise SentOnError from error
        if isinstance(error.__cause__, CheckViolation) and "no key opens it" in str(error):
            raise EncryptionError("No key of this concern is there.") from error
        if not token:
            raise
        fresh = False
    else:
        fresh = True
        record("file.written", by=by, obj=concern, kind=kind.value)
    if token:
        discard_draft(by=by, token=token)
    return fresh


@transaction.atomic
def receive(*, by: User, concern: Concern) -> bool:
    """Somebody who reads the file has it in hand; whoever raised it sees so. False where a colleague was quicker."""
    fresh = Concern.objects.filter(pk=concern.pk, status=Status.SENT)
    if not fresh.update(status=Status.RECEIVED, owner=by):
        return False
    Receipt.objects.filter(concern=concern).update(status=Status.RECEIVED, received_at=timezone.now())
    record("file.received", by=by, obj=concern)
    return True


@transaction.atomic
def set_level(*, by: User, concern: Concern, level: Level) -> None:
    Concern.objects.filter(pk=concern.pk).update(level=level)
    record("file.levelled", by=by, obj=concern, level=level.value)


class CannotReadError(Exception):
    """This person does not read this concern, so it cannot be in their hands."""


@transaction.atomic
def give_to(*, by: User, concern: Concern, owner: User) -> None:
    """Into the hands of somebody who reads it. Raises CannotReadError."""
    if owner not in selectors.holders_of(concern, by):
        raise CannotReadError
    Concern.objects.filter(pk=concern.pk).update(owner=owner)
    record("file.given", by=by, obj=concern, owner=str(owner.pk))


@transaction.atomic
def decide(
    *, by: User, concern: Concern, step: Step, why: str, due_on: dt.date | None,
    facts: Sequence[dict[str, str]] = (), **written: Any,
) -> None:  # fmt: skip
    """The next step, with its reason; an earlier decision stays on the file, this one stands beside it.

    `facts`: what else was weighed, as {"of": …, "words": …}.
    """
    words: dict[str, Any] = {"step": step.value, "text": why, "by": due_on.isoformat() if due_on else ""}
    words |= {"facts": list(facts)} if facts else {}
    add_entry(by=by, concern=concern, kind=Kind.DECISION, words=words, **written)
    receive(by=by, concern=concern)
    Concern.objects.filter(pk=concern.pk).update(status=Status.ACTING, step=step, due_on=due_on)
    mine = Receipt.objects.filter(concern=concern)
    mine.update(status=Status.ACTING)
    mine.filter(received_at=None).update(received_at=timezone.now())
    mine.filter(acting_at=None).update(acting_at=timezone.now())


@transaction.atomic
def close(*, by: User, concern: Concern, outcome: str, still: Sequence[str] = (), **written: Any) -> None:
    """With what came of it, and what was still due. The file stays, and so does everything on it."""
    words: dict[str, Any] = {"text": outcome}
    words |= {"facts": [{"of": "Still due when it was closed", "words": "\n".join(still)}]} if still else {}
    add_entry(by=by, concern=concern, kind=Kind.CLOSED, words=words, **written)
    receive(by=by, concern=concern)
    Concern.objects.filter(pk=concern.pk).update(status=Status.CLOSED, due_on=None)
    Receipt.objects.filter(concern=concern).update(status=Status.CLOSED, closed_at=timezone.now())


@transaction.atomic
def reopen(*, by: User, concern: Concern, why: str) -> None:
    add_entry(by=by, concern=concern, kind=Kind.REOPENED, words={"text": why})
    Concern.objects.filter(pk=concern.pk).update(status=Status.ACTING)
    Receipt.objects.filter(concern=concern).update(status=Status.ACTING, closed_at=None)


@transaction.atomic
def tell_reporter(*, by: User, concern: Concern, sentence: str) -> None:
    """A sentence that whoever raised it may know; the one before it is gone."""
    receipt = concern.receipt
    told = seal_json(receipt, "told", sentence) if sentence else None
    Receipt.objects.filter(pk=receipt.pk).update(told=told, told_at=timezone.now())
    record("file.told", by=by, obj=concern)


class NotChildrensError(Exception):
    """What is said of adults hangs on no child's key, and goes with no child's file."""


class HeldError(Exception):
    """The child's file is held: nothing is taken off it (safeguarding.retention)."""


@transaction.atomic
def link_child(*, by: User, concern: Concern, student: Student, part: Part) -> None:
    """A child it is about, or has to do with: the concern's key is put under the child's key too.

    The link comes last: whoever is kept from this child reads nothing of the concern from then on. Raises
    NotChildrensError.
    """
    if concern.store != Store.CHILDREN:
        raise NotChildrensError
    copies = wrap_for(cipher_to_write(concern), concern.pk, [student.pk])
    ConcernKey.objects.bulk_create(copies)
    if all(copy.student_id for copy in copies):
        # From now on the child's key is what it hangs on.
        ConcernKey.objects.filter(concern=concern, student=None).delete()
    record("file.linked", by=by, obj=concern, student_of=str(student.pk))
    ConcernChild(concern=concern, student=student, part=part).save(force_insert=True)


@transaction.atomic
def unlink_child(*, by: User, child: ConcernChild, why: str) -> None:
    """A child who was linked by mistake; why stands on the file. The words stay readable, if need be by the ring.
    Raises HeldError.
    """
    concern = child.concern
    add_entry(by=by, concern=concern, kind=Kind.NOTE, words={"text": f"Unlinked {child.student.name}: {why}"})
    left = concern.children.exclude(pk=child.pk).values("student")
    if not concern.keys.filter(Q(student=None) | Q(student__in=left)).exists():
        ConcernKey.objects.bulk_create([wrap_under_ring(cipher_to_write(concern), concern.pk)])
    record("file.linked", by=by, obj=concern, student_of=str(child.student_id), part="unlinked")
    try:
        with transaction.atomic():
            child.delete()
    except IntegrityError as error:
        if "the file is held" in str(error):
            raise HeldError from error
        raise


@transaction.atomic
def change_part(*, by: User, child: ConcernChild, part: Part) -> None:
    ConcernChild.objects.filter(pk=child.pk).update(part=part)
    record("file.linked", by=by, obj=child.concern, student_of=str(child.student_id), part=part.value)
