"""What facts need and a text does not have: a day or time, somebody named, the words that were said."""

import re
from collections.abc import Collection, Iterator

from safeguarding.writing_check.people import known_words, plain
from safeguarding.writing_check.reading import Reading, Remark
from safeguarding.writing_check.words import FAMILY, ROLES, TITLES, word_set

WHEN = word_set(
    """monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december today yesterday tonight morning afternoon evening night midnight noon lunch lunchtime
    break breaktime period lesson registration assembly weekend week weeks days o'clock am pm a.m p.m half-term
    holidays holiday easter christmas mon tue tues wed thu thurs fri sat sun just minutes hours hour ago"""
)
CLOCK = re.compile(r"\d[.:/]\d\d|\d ?[ap]m\b|\d(?:st|nd|rd|th)\b|\bP[1-7]\b", re.IGNORECASE)
SAYS = word_set(
    """said says told tells disclosed stated shouted claimed replied whispered mentioned confided admitted explained
    described alleged reported screamed yelled called"""
)
# "I told Mr Bowen": what we said ourselves needs no quotation.
OURS = word_set("i we")
SOMEBODY = TITLES | FAMILY | ROLES | {"i", "me", "my", "we"}
FEWEST_WORDS = 4

NO_WHEN = "When was this? Write the day and the time, roughly if you do not know it."
NO_WHO = "Who was it? Write whole names: of the child, of whoever was there, and of whoever told you."
NO_WORDS = "{}: if you can, write the words themselves, in quotation marks."


def what_is_missing(reading: Reading, names: Collection[str] = ()) -> Iterator[Remark]:
    """At most one remark of each kind; none for a text that has hardly begun."""
    if len(reading.words) < FEWEST_WORDS:
        return
    if not any(word.low in WHEN for word in reading.words) and not CLOCK.search(reading.text):
        yield Remark("when", 0, 0, "", NO_WHEN)
    if not _names_somebody(reading, names):
        yield Remark("who", 0, 0, "", NO_WHO)
    if not reading.quotes:
        yield from _said_without_words(reading)


def _names_somebody(reading: Reading, names: Collection[str]) -> bool:
    known = known_words(names)
    return any(
        word.low in SOMEBODY
        or plain(word.bare) in known
        or (
            word.is_capital
            and not word.opens
            and len(word.bare) > 1
            and not word.bare.isupper()
            and word.low not in WHEN
        )
        for word in reading.words
    )


def _said_without_words(reading: Reading) -> Iterator[Remark]:
    for at, word in enumerate(reading.words):
        if word.low in SAYS and at and reading.words[at - 1].low not in OURS:
            yield reading.remark("said", at, at, NO_WORDS)
            return
