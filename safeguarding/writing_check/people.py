"""Names of pupils that are not linked to the concern: a person's whole name, or a first name inside a sentence.

A concern that names a second child and is linked to one only is missing from the other child's file. Which names
are pupils the server could look up; it does not, so that a remark tells nobody who is on roll and who has a file.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator

from safeguarding.writing_check.reading import Reading, Remark, Word
from safeguarding.writing_check.words import (
    BEFORE_THINGS,
    COMES,
    DOES,
    FAMILY,
    GOES,
    IN_A_PLACE,
    NEVER_NAMES,
    PLACES,
    PLAYS,
    ROLES,
    STARTERS,
    TITLES,
    word_set,
)

ADVICE = "{} is not linked to this concern. If this is a pupil, link them as well; if not, write who it is."
MOST_WORDS = 4
PARTNERS = word_set("boyfriend girlfriend friend ex brother sister cousin colleague")  # after "her mum’s"
NUNS = word_set("sister brother")  # with a capital
# "Joy Amadi, the school nurse": how far behind a name its role may stand.
ROLE_WITHIN = 4
# How many words back somebody may have set out.
ON_THE_WAY = 8
ARTICLE = re.compile(r"^(?:al|el|bin)-")  # al-Rashid
SMALL_WORDS = word_set("de la van von bin ibn al el da dos del")


def plain(name: str) -> str:
    """As names are compared: small letters, no accents, one kind of apostrophe and none at the end."""
    letters = unicodedata.normalize("NFKD", name.replace("’", "'"))
    small = "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()
    return re.sub(r"'s?$", "", small)


def unlinked_names_in(reading: Reading, names: Collection[str]) -> Iterator[Remark]:
    """A remark for each name that is nobody's of `names` and, as far as words tell, a pupil's."""
    known = known_words(names)
    at = 0
    while at < len(reading.words):
        if not _may_be_name(reading.words[at]):
            at += 1
            continue
        last = _last_of_name(reading, at)
        first = _without_starter(reading, at, last)
        if first <= last and _is_unlinked_pupil(reading, first, last, known):
            yield reading.remark("name", first, last, ADVICE)
        at = last + 1


def known_words(names: Collection[str]) -> frozenset[str]:
    """Every word of the linked names, and the parts of double names."""
    words = [plain(word) for name in names for word in re.split(r"\s+", name.strip())]
    return frozenset(part for word in words for part in (word, *word.split("-")) if part)


def _may_be_name(word: Word) -> bool:
    text = ARTICLE.sub("", word.bare)
    # T-shirt, TAs, KS3
    if (not text[1:2].isalpha() and text[1:2] not in ("'", "’")) or not text[0].isupper() or text.rstrip("s").isupper():
        return False
    if any(letter.isdigit() or letter == "." for letter in text):
        return False
    return word.low not in NEVER_NAMES and plain(text) not in NEVER_NAMES


def _last_of_name(reading: Reading, first: int) -> int:
    """Capitalised words that follow each other, with the small words of a name between them."""
    last = at = first
    while at - first < MOST_WORDS and reading.gap(at) == " " and reading.words[at].bare == reading.words[at].text:
        at += 1
        if _may_be_name(reading.words[at]) and not reading.words[at].opens:
            last = at
        elif reading.words[at].text not in SMALL_WORDS:
            break
    return last


def _without_starter(reading: Reading, first: int, last: int) -> int:
    """The name without the word that only begins the sentence: “Then Mohammed” → “Mohammed”."""
    word = reading.words[first]
    begins_only = word.low in STARTERS or (last > first and word.opens and word.low.endswith(("ed", "ing", "ly")))
    return first + 1 if begins_only else first


def _is_unlinked_pupil(reading: Reading, first: int, last: int, known: frozenset[str]) -> bool:
    words = reading.words[first : last + 1]
    if all(_is_known(word.bare, known) for word in words):
        return False
    lows = {plain(word.bare) for word in words}
    if lows & PLACES or _is_grown_up(reading, first, last, lows):
        return False
    if _before(reading, first) in BEFORE_THINGS or _after(reading, last) in PLACES or _goes_to(reading, first):
        return False
    return first < last or _is_name_alone(reading, first)


def _is_known(name: str, known: frozenset[str]) -> bool:
    small = plain(name)
    return small in known or all(part in known for part in small.split("-"))


def _is_grown_up(reading: Reading, first: int, last: int, lows: set[str]) -> bool:
    """Whether a title, a family word or a role stands with the name."""
    before = _before(reading, first)
    if lows & TITLES or before in TITLES | FAMILY | ROLES or plain(reading.words[first].text) in FAMILY | NUNS:
        return True
    if first > 1 and before in PARTNERS and plain(reading.words[first - 2].text) in FAMILY:
        return True
    if reading.gap(last).strip() not in (",", "(", "–", "-"):
        return False
    return any(word.low in ROLES | FAMILY for word in reading.words[last + 1 : last + 1 + ROLE_WITHIN])


def _is_name_alone(reading: Reading, at: int) -> bool:
    """A single word with a capital: inside a sentence it is a name unless a place; at its start only if it acts."""
    before = _before(reading, at)
    if reading.words[at].opens:
        return _after(reading, at) in DOES
    farther = reading.words[at - 2] if at > 1 else None
    if before in IN_A_PLACE or (before == "of" and farther is not None and farther.is_capital):
        return False
    ways = {"from": COMES, "for": PLAYS}
    return farther is None or farther.low not in ways.get(before, frozenset())


def _goes_to(reading: Reading, at: int) -> bool:
    """“went to Alton Towers”, “and then to Meadowhall”: a place, while “went up to Kyle” is a person."""
    if _before(reading, at) != "to":
        return False
    sentence = [word.low for word in reading.words[max(0, at - 1 - ON_THE_WAY) : at - 1]]
    return bool(sentence) and (sentence[-1] in GOES or (sentence[-1] in ("then", "on") and bool(GOES & set(sentence))))


def _before(reading: Reading, at: int) -> str:
    """The word before, in small letters; none across the end of a sentence."""
    return reading.words[at - 1].low if at and not reading.words[at].opens else _title_before(reading, at)


def _title_before(reading: Reading, at: int) -> str:
    """“Mr. Calder”: a title's full stop ends no sentence."""
    before = reading.words[at - 1].low if at and reading.gap(at - 1) == ". " else ""
    return before if before in TITLES else ""


def _after(reading: Reading, at: int) -> str:
    own = reading.words[at].bare != reading.words[at].text  # "Chantelle’s house" is no place called Chantelle
    return reading.words[at + 1].low if reading.gap(at) == " " and not own else ""
