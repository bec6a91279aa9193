"""A second look at what is written about a child, by rules that stand here: nothing leaves the server or is blocked.

How a concern is written in English schools: facts, the child's own words in quotation marks, whole names, opinion
apart from fact, when and where, within the same working day (Keeping Children Safe in Education, on records of
concerns). Each remark is advice for whoever writes; a concern can be sent with all of them standing.

Every rule reads the text once, word by word, so that time grows with length and not faster.
"""

from collections.abc import Collection, Iterator
from typing import Literal

from safeguarding.writing_check.initials import initials_in
from safeguarding.writing_check.missing import what_is_missing
from safeguarding.writing_check.people import unlinked_names_in
from safeguarding.writing_check.phrases import labels_in, opinions_in
from safeguarding.writing_check.reading import Reading, Remark

__all__ = ["MOST", "Remark", "remarks"]

# More than these nobody reads.
MOST = 30
# Characters that are read: more than a form takes. A fifth of a second at the worst.
LONGEST = 60_000


def remarks(
    text: str, *, names: Collection[str] = (), words_of: Literal["facts", "child", "context"] = "facts"
) -> list[Remark]:
    """What a careful colleague would point out, in the order of the text; each word or phrase once, at most `MOST`.

    `names` are the whole names of the students the concern is linked to. `words_of` says which box it is: in a child's
    own words only initials and names are looked for, in the context an opinion has its place, and only facts need a
    day, somebody named and what was said. `start` and `end` count characters of `text`; both are 0 for what is missing.
    """
    reading = Reading(text[:LONGEST])
    if not reading.words:
        return []
    found = sorted(_found(reading, names, words_of), key=lambda remark: (remark.start, remark.end))
    once = {(remark.kind, remark.words.lower()): remark for remark in reversed(found)}
    kept = sorted(once.values(), key=lambda remark: (remark.start, remark.end))
    return kept[:MOST]


def _found(reading: Reading, names: Collection[str], words_of: str) -> Iterator[Remark]:
    yield from initials_in(reading)
    yield from unlinked_names_in(reading, names)
    if words_of != "child":
        yield from labels_in(reading)
    if words_of == "facts":
        yield from opinions_in(reading)
        yield from what_is_missing(reading, names)
