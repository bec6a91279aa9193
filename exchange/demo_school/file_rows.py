"""Rows of the invented school's safeguarding file: keys, moments, sealed entries."""

import datetime as dt
import hashlib
import uuid
from typing import Any

from django.utils import timezone

from exchange.demo_school.people import Colleague
from exchange.demo_school.records import Frame
from safeguarding.enums import Kind
from safeguarding.keys import Cipher
from safeguarding.models import Entry

AT = dt.time(10, 20)


def random_key(frame: Frame) -> uuid.UUID:
    """The same in each run, as all keys of this school; but without the time in it, like every key of the file."""
    return uuid.UUID(bytes=hashlib.sha256(frame.keys.new().bytes).digest()[:16], version=4)


def moment(day: dt.date, hours: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, AT)) + dt.timedelta(hours=hours)


def add_entry(
    frame: Frame, concern: uuid.UUID, cipher: Cipher, kind: Kind, by: Colleague, at: dt.datetime,
    words: dict[str, Any], day: dt.date | None = None,
) -> uuid.UUID:  # fmt: skip
    entry = Entry(id=random_key(frame))
    frame.tables.add(
        Entry, id=entry.id, concern_id=concern, kind=kind, author_id=by.id, written_at=at, happened_on=day,
        words=cipher.seal(entry, "words", words),
    )  # fmt: skip
    return entry.id
