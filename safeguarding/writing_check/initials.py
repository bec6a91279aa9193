"""Initials standing for a child: “J.S.”, “JS said”, “K’s planner”, “Child A”.

Years later nobody knows who “JS” was, two children share the same letters, and a file that is handed on must be read by
strangers. So the whole name stands in the record; who may read it is the record's own business.
"""

from collections.abc import Iterator

from safeguarding.writing_check.abbreviations import ABBREVIATIONS
from safeguarding.writing_check.reading import Reading, Remark
from safeguarding.writing_check.words import TITLES, word_set

ADVICE = "{} looks like initials. Write the whole name: somebody who reads this in two years must know who it was."
# "Child A", "Pupil X"
STANDS_FOR = word_set("child pupil student boy girl learner victim perpetrator friend")
# After these words a single letter is a grade, a room, a vitamin ...
NAMED_BY_LETTER = word_set(
    """a an grade grades level levels set room block group class band hepatitis plan team option section type unit
    factor part point exit gate door building house wing site tier appendix annex annexe vitamin vitamins form year
    platform junction stage category column row paper question bus size cup predicted got achieved predictions mark
    zone hall lab floor route terminal strep omega schedule code appendices"""
)
NUMBER_OF_LETTERS = range(2, 4)
# With full stops between: few things are written so.
DOTTED = word_set("""PE RE ICT IT DT UK US USA EU TV DOB NB PS RIP ID OK VIP TA HQ SEN GP PC NHS BBC ED AKA""")
# A child has no article: "the LGI". Nor is a child a room: "SGB meeting".
BEFORE_THINGS = word_set("the a an our each every any another per")
AFTER_THINGS = word_set(
    """lesson lessons room block teacher form team meeting plan referral worker officer class test exam course group
    department lead office hub policy app unit ward shop kit bus assessment certificate programme staff"""
)


def initials_in(reading: Reading) -> Iterator[Remark]:
    """Each place where letters stand for somebody, one remark for letters that stand together."""
    first = 0
    while first < len(reading.words):
        last = _last_of_initials(reading, first)
        if last is not None:
            yield reading.remark("initials", first, last, ADVICE)
        first = first + 1 if last is None else last + 1


def _last_of_initials(reading: Reading, at: int) -> int | None:
    """The last word of the initials that begin with this word; None where none do."""
    word = reading.words[at].bare
    if word.lower() in STANDS_FOR and _is_single(reading, at + 1) and reading.gap(at) == " ":
        return at + 1
    if "." in word:
        return at if _is_capitals(word.replace(".", "")) and not _is_dotted_thing(reading, at) else None
    letters = word.replace("-", "")
    if len(letters) in NUMBER_OF_LETTERS and _is_capitals(letters):
        return None if letters in ABBREVIATIONS or _is_thing(reading, at) else at
    if not _is_single(reading, at) or word in "IA" or not _may_be_a_child(reading, at):
        return None
    # "W S": letters of one child, each written apart
    joined = _is_single(reading, at + 1) and reading.gap(at) in (" ", ". ") and reading.words[at + 1].bare not in "IA"
    return at + 1 if joined else at


def _is_dotted_thing(reading: Reading, at: int) -> bool:
    """P.E. and the like, or 8.30 A.M."""
    letters = reading.words[at].bare.replace(".", "")
    after_figure = at > 0 and reading.words[at - 1].text.isdigit()
    return letters in DOTTED or (letters in ("AM", "PM") and after_figure)


def _is_thing(reading: Reading, at: int) -> bool:
    """Whether what stands around two or three capital letters says that they are no child's."""
    before = reading.words[at - 1].low if at else ""
    after = reading.words[at + 1].low if reading.gap(at) == " " else ""
    if before in BEFORE_THINGS or after in AFTER_THINGS:
        return True
    return _is_shouting(reading, at) or _is_of_sign(reading, at)


def _is_capitals(word: str) -> bool:
    return word.isalpha() and word.isupper()


def _is_single(reading: Reading, at: int) -> bool:
    return at < len(reading.words) and len(reading.words[at].bare) == 1 and _is_capitals(reading.words[at].bare)


def _is_shouting(reading: Reading, at: int) -> bool:
    """Whether the word beside it is written large as well: SHE SAID NO."""
    beside = []
    if reading.gap(at) == " ":
        beside.append(reading.words[at + 1].text)
    if at and reading.gap(at - 1) == " ":
        beside.append(reading.words[at - 1].text)
    return any(len(word) > 1 and _is_capitals(word) and word not in ABBREVIATIONS for word in beside)


def _is_of_sign(reading: Reading, at: int) -> bool:
    """A&E, N/A, B&M: joined to its neighbour without a space."""
    return reading.gap(at) in ("&", "/", "+", "@") or (at > 0 and reading.gap(at - 1) in ("&", "/", "+", "@", "#"))


def _may_be_a_child(reading: Reading, at: int) -> bool:
    """Whether a single letter is neither a grade nor a room, nor part of a whole name or of a colleague's."""
    if _is_of_sign(reading, at):
        return False
    if not at:
        return True
    before = reading.words[at - 1]
    if before.low in NAMED_BY_LETTER | TITLES or (before.text.isdigit() and reading.gap(at - 1) in ("", " ")):
        return False
    after = reading.words[at + 1] if at + 1 < len(reading.words) else None
    between_names = before.is_capital and not before.opens and after is not None and after.is_capital
    return not (between_names and len(before.text) > 1 and reading.gap(at - 1) == " ")
