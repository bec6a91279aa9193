"""Names of other children in a text: a hint to look, not a judgement. A word counts that is written like a name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from students.models import Student

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_SHORTEST = 3


@dataclass(frozen=True)
class OtherNames:
    """Words of other children's names, and of the names that belong here: of the student, and of who is at home."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    def in_text(self, text: str) -> list[str]:
        """The words that may name another child, as they stand there: with a capital, or forename and surname."""
        words = [found.removesuffix("'s").removesuffix("’s") for found in _WORD.findall(text)]
        found = [word for word in words if word[0].isupper() and word.casefold() in self.words]
        for first, second in pairwise(words):
            if (first.casefold(), second.casefold()) in self.pairs:
                found += [first, second]
        return list(dict.fromkeys(found))


def other_names(others: Iterable[Student], student: Student, at_home: Iterable[str]) -> OtherNames:
    """Preferred and legal names of the others, without every word that is part of a name that belongs here."""
    here = set(_split(" ".join((student.name, student.legal_forename, student.legal_surname, *at_home))))
    words, pairs = set[str](), set[tuple[str, str]]()
    for other in others:
        for forename, surname in (
            (other.preferred_forename, other.preferred_surname), (other.legal_forename, other.legal_surname),
        ):  # fmt: skip
            first, last = _split(forename), _split(surname)
            words.update(word for word in first + last if len(word) >= _SHORTEST)
            pairs.update((one, two) for one in first[-1:] for two in last[:1])
    return OtherNames(frozenset(words - here), frozenset(pairs))


def _split(name: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(name)]
