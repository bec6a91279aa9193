"""Other children in one child's file: "Pupil B" instead of their names, the same one in every line and at every time.

A child's file is shared with people who have no business with anybody else in it (UK GDPR, article 5: no more than the
purpose needs), so every name is taken out that can be known: those of children who are linked, as they are and as they
were, in any spelling of capitals, accents and hyphens. A nickname, a misspelt name, a child who is not linked only
somebody who reads it will notice. In doubt a word is taken out: a blotted word can be asked about, a leaked name cannot
be taken back.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any, NamedTuple

from core.ids import UUID
from safeguarding.name_words import NEVER_POSSESSIVE, ORDINARY, PARTICLES
from students.names import plain

_APOSTROPHES = "'’‘ʼ`´"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_APOSTROPHES}][^\W\d_]+)*")
_BETWEEN = re.compile(r"[\s,‐‑‒–-]{1,3}")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}]s$", re.IGNORECASE)
# Signs that nobody sees, within a word: a name with one in it would pass.
_UNSEEN = re.compile(r"(?<=\w)[\u00ad\u200b-\u200f\u2060\ufeff]+(?=\w)")
_SHORT = 2
_ALPHABET = 26
Form = tuple[str, ...]


class Word(NamedTuple):
    """A word of a text: where it stands, as it was written, and as words are compared."""

    start: int
    end: int
    raw: str
    plain: str


@dataclass(frozen=True)
class Named:
    """A child with every name they have or had: (forename, surname)."""

    key: UUID
    names: frozenset[tuple[str, str]]

    def forms(self) -> set[Form]:
        """What somebody may have written for them, as words are compared."""
        forenames = {form for first, _ in self.names for form in _spelt(first)}
        surnames = {form for _, last in self.names for form in _spelt(last)}
        found = forenames | surnames | {(part,) for form in forenames | surnames for part in form if _tells(part)}
        for first, last in product(forenames, surnames):
            found |= {first + last, last + first, first[:1] + last, first[:1] + last[-1:], ("".join(first + last),)}
        return {form for form in found if len("".join(form)) >= _SHORT}


@dataclass
class Pseudonyms:
    """Takes the names of the others out of texts of one child's file. `others`: in the order in which they came."""

    own: Named
    others: list[Named]
    _labels: dict[UUID, str] = field(init=False)
    _forms: dict[Form, list[str]] = field(init=False, default_factory=dict)
    _longest: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._labels = {other.key: f"Pupil {letters(place)}" for place, other in enumerate(self.others, start=1)}
        own = self.own.forms()
        parts = {part for form in own for part in form}
        for other in self.others:
            for form in other.forms() - own:
                if len(form) > 1 or form[0] not in parts:
                    self._forms.setdefault(form, []).append(self._labels[other.key])
        # The child's own whole name stays whole, so that no part of it is taken for the half of another's.
        self._forms |= {form: [] for form in own if len(form) > 1}
        self._longest = max(map(len, self._forms), default=0)

    def of(self, student: UUID) -> str:
        """What this child is called here; "" for whose file it is."""
        return self._labels.get(student, "")

    def hide(self, text: str) -> str:
        """The text without the others' names."""
        if not self._labels:
            return text
        text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
        words = [Word(m.start(), m.end(), m.group(), plain(m.group())) for m in _WORD.finditer(text)]
        parts, kept = [], 0
        for first, last, label in self._met(text, words):
            parts += [text[kept : words[first].start], label]
            kept = words[last].end
        return "".join([*parts, text[kept:]])

    def hide_in(self, value: Any) -> Any:
        """The same in every text of a JSON value."""
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, list):
            return [self.hide_in(one) for one in value]
        return {name: self.hide_in(one) for name, one in value.items()} if isinstance(value, dict) else value

    def _met(self, text: str, words: list[Word]) -> Iterator[tuple[int, int, str]]:
        """(first word, last word, what stands there instead) of each name, the longest that fits."""
        at = 0
        while at < len(words):
            last, label = self._at(text, words, at)
            if label:
                yield at, last, label
            at = last + 1

    def _at(self, text: str, words: list[Word], first: int) -> tuple[int, str]:
        for last in range(min(first + self._longest, len(words)) - 1, first - 1, -1):
            meant = words[first : last + 1]
            if not all(_BETWEEN.fullmatch(text, one.end, two.start) for one, two in pairwise(meant)):
                continue
            for ending, form in _read(meant):
                if form in self._forms and (len(form) > 1 or _is_meant(meant[0])):
                    labels = self._forms[form]
                    return last, " or ".join(labels) + ending if labels else ""
        return first, ""


def letters(place: int) -> str:
    """B for 1, Z for 25, AA for 26: A is whose file it is."""
    place, last = divmod(place, _ALPHABET)
    return (letters(place - 1) if place else "") + chr(ord("A") + last)


def named(rows: Iterable[tuple[int, UUID, str, str]]) -> list[Named]:
    """Of rows (place, child, forename, surname), in that order."""
    found: dict[UUID, set[tuple[str, str]]] = {}
    for _, key, forename, surname in rows:
        found.setdefault(key, set()).add((forename, surname))
    return [Named(key, frozenset(names)) for key, names in found.items()]


def _spelt(name: str) -> set[Form]:
    """A name of one or several words: in its words, with O'Brien as one or two, and all in one."""
    words = [word.group() for word in _WORD.finditer(unicodedata.normalize("NFC", name))]
    if not words:
        return set()
    whole = tuple(plain(word) for word in words)
    apart = tuple(plain(part) for word in words for part in re.split(f"[{_APOSTROPHES}]", word) if part)
    return {whole, apart, ("".join(whole),)}


def _tells(part: str) -> bool:
    """Whether this part of a longer name is one by itself."""
    return len(part) > _SHORT and part not in PARTICLES


def _read(words: list[Word]) -> Iterator[tuple[str, Form]]:
    """The words as they stand, then with the last as a possessive: (its ending, the form)."""
    before, last = tuple(word.plain for word in words[:-1]), words[-1]
    yield "", (*before, last.plain)
    bare = _POSSESSIVE.sub("", last.raw)
    if bare != last.raw:
        yield "’s", (*before, plain(bare))
    elif last.plain.endswith("s") and last.plain not in NEVER_POSSESSIVE:
        yield "’s", (*before, last.plain[:-1])


def _is_meant(word: Word) -> bool:
    """Whether a single word may stand for a name: will and may do with a capital only."""
    is_ordinary = word.plain in ORDINARY or word.plain.removesuffix("s") in ORDINARY
    return word.raw[0].isupper() or not is_ordinary
