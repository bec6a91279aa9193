"""Finding words on the file: everything that may be read is opened and looked through, and nothing of it is kept.

No index stands anywhere: it would hold the words that are sealed (decision 0011).
"""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Prefetch

from core.encryption import EncryptionError, place_of
from core.ids import UUID
from safeguarding.keys import ciphers_of
from safeguarding.models import Concern, ConcernChild, Entry
from safeguarding.selectors import read_by_glass
from students.names import plain

MOST_SHOWN = 50
AT_ONCE = 2000
AROUND = 90
# Of an entry's words, what nobody wrote: codes and keys.
NOT_WRITTEN = {"arose_in", "step", "by", "due", "of"}


class Piece(NamedTuple):
    """Part of an excerpt; `is_hit` where it is what was looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class Hit:
    """A concern that has all the words, with a few of those around the first."""

    concern: Concern
    entry: Entry
    excerpt: list[Piece]


@dataclass(frozen=True)
class Found:
    """The newest concerns first. `unreadable`: how many entries could not be looked through."""

    hits: list[Hit]
    total: int
    unreadable: int


def terms_of(query: str) -> list[str]:
    """What is looked for, as words are compared: without capitals, accents, apostrophes and hyphens."""
    return sorted({term for term in (plain(word) for word in query.split()) if term})


def digest_of(terms: list[str]) -> str:
    """What stands on the record of a search: the same for the same words, and not to be turned back into them."""
    message = "waymark.file-search|" + "\n".join(terms)
    return hmac.new(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def find(terms: list[str]) -> Found:
    """All concerns whose words have all these terms, in one entry or in several."""
    met: dict[UUID, set[str]] = {}
    first: dict[UUID, UUID] = {}
    unreadable = 0
    for concern, entry, words in _opened():
        if words is None:
            unreadable += 1
            continue
        text = plain("\n".join(written(words)))
        here = [term for term in terms if term in text]
        if here:
            met.setdefault(concern, set()).update(here)
            first.setdefault(concern, entry)
    found = [concern for concern, has in met.items() if len(has) == len(terms)]
    return Found(_hits(found[:MOST_SHOWN], first, terms), len(found), unreadable)


def written(words: Any) -> Iterator[str]:
    """Every text that somebody wrote, of an entry's words."""
    if isinstance(words, str):
        if words:
            yield words
    elif isinstance(words, dict):
        for name, value in words.items():
            if name not in NOT_WRITTEN:
                yield from written(value)
    elif isinstance(words, list):
        for value in words:
            yield from written(value)


def excerpt(text: str, terms: list[str]) -> list[Piece]:
    """A line around the first term in it, each term marked."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    letters = [(letter, at) for at, sign in enumerate(text) for letter in plain(sign)]
    compared = "".join(letter for letter, _ in letters)
    spans = sorted(_spans(compared, letters, terms))
    begin = max(spans[0][0] - AROUND, 0) if spans else 0
    end = min((spans[0][1] if spans else 0) + AROUND, len(text))
    begin = text.find(" ", begin) + 1 if begin and text.find(" ", begin, spans[0][0]) > 0 else begin
    end = max(text.rfind(" ", spans[0][1] if spans else 0, end), 0) or end if end < len(text) else end
    pieces, at = [Piece("… " if begin else "", False)], begin
    for start, stop in spans:
        if at <= start and stop <= end:
            pieces += [Piece(text[at:start], False), Piece(text[start:stop], True)]
            at = stop
    return [*pieces, Piece(text[at:end] + (" …" if end < len(text) else ""), False)]


def _spans(compared: str, letters: list[tuple[str, int]], terms: list[str]) -> Iterator[tuple[int, int]]:
    """(begin, end) of each time a term stands in the text."""
    for term in terms:
        at = compared.find(term)
        while at >= 0:
            yield letters[at][1], letters[at + len(term) - 1][1] + 1
            at = compared.find(term, at + len(term))


def _opened() -> Iterator[tuple[UUID, UUID, Any]]:
    """(concern, entry, its words), of the newest concern first; None for words that cannot be read."""
    ciphers, table = ciphers_of(), Entry._meta.db_table
    rows = Entry.objects.exclude(concern__in=read_by_glass())
    rows = rows.order_by("-concern__raised_at", "concern_id", "written_at")
    for concern, entry, sealed in rows.values_list("concern_id", "pk", "words").iterator(chunk_size=AT_ONCE):
        cipher = ciphers.get(concern)
        try:
            words = json.loads(cipher.open_at(sealed, place_of(table, entry, "words"))) if cipher else None
        except (EncryptionError, ValueError):
            words = None
        yield concern, entry, words


def _hits(concerns: list[UUID], first: dict[UUID, UUID], terms: list[str]) -> list[Hit]:
    """Those that are shown, in this order, with their excerpts."""
    children = ConcernChild.objects.select_related("student").order_by("student__sort_name", "pk")
    rows = Concern.objects.filter(pk__in=concerns).select_related("receipt", "reporter")
    known = rows.prefetch_related(Prefetch("children", children)).in_bulk()
    entries = Entry.objects.in_bulk([first[concern] for concern in concerns])
    ciphers = ciphers_of(Concern.objects.filter(pk__in=concerns))
    hits = []
    for concern in concerns:
        entry = entries[first[concern]]
        words = ciphers[concern].open(entry, "words")
        hits.append(Hit(known[concern], entry, excerpt(" … ".join(written(words)), terms)))
    return hits
