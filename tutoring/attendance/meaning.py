"""What one mark means and how it may be shown: class, words, and which codes are nobody's business but the office's."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tutoring.attendance.codes import CODES
from tutoring.attendance.enums import StatClass

# I and M are about health, R may tell a religion, T an ethnicity, Y5 is about a criminal offence: shown as their
# class alone to people without a pastoral or office role.
MASKED_CODES = frozenset({"I", "M", "R", "T", "Y5"})
NO_MARK = frozenset({"", "-"})
# Of the whole school, or of nobody on its roll: the office's, not said of one student in a register.
NOT_GIVEN_HERE = frozenset({"Z", "#"})

_LOOK = {
    StatClass.PRESENT: "",
    StatClass.APPROVED_EDU: "",
    StatClass.AUTHORISED: "c",
    StatClass.UNAUTHORISED: "u",
    StatClass.NOT_POSSIBLE: "x",
    StatClass.NOT_COLLECTED: "x",
}
_MASK = {StatClass.AUTHORISED: "•", StatClass.NOT_POSSIBLE: "·"}
_LOOK_IN_WORDS = {"c": "authorised absence", "u": "unauthorised absence", "x": "not counted"}
_ORDER = {row[0]: number for number, row in enumerate(CODES)}
_BY_CODE = {code: [row for row in CODES if row[0] == code] for code in {row[0] for row in CODES}}


@dataclass(frozen=True)
class Square:
    """One square of a register strip: the letter, its look (a class of .marks), and the words behind it."""

    letter: str
    look: str
    label: str


def class_of(code: str, on: dt.date) -> StatClass | None:
    """Statistical class of the code on that day; None for a code (or no mark) that means nothing then."""
    return next((row[2] for row in _rows(code, on)), None)


def label_of(code: str, on: dt.date) -> str:
    """The code in words."""
    if code in NO_MARK:
        return "No mark"
    return next((row[1] for row in _rows(code, on)), "Unknown code")


def codes_given_here(on: dt.date) -> list[tuple[str, str]]:
    """(code, words) of what may be said of a student in a register of that day; presence aside."""
    found = [(row[0], row[1]) for row in CODES if row[3] <= on and (row[4] is None or on <= row[4])]
    return [(code, words) for code, words in found if code not in NOT_GIVEN_HERE | {"/", "\\"}]


def is_given_here(code: str, on: dt.date) -> bool:
    """Whether a register may say so."""
    return code not in NOT_GIVEN_HERE and class_of(code, on) is not None


def _rows(code: str, on: dt.date) -> list[tuple[str, str, StatClass, dt.date, dt.date | None]]:
    return [row for row in _BY_CODE.get(code, []) if row[3] <= on and (row[4] is None or on <= row[4])]


def square(code: str, on: dt.date, *, reasons: bool) -> Square:
    """How a mark is drawn; without `reasons` the private codes show only their class."""
    kind = class_of(code, on)
    if kind is None:
        return Square(code if code not in NO_MARK else "–", "x", label_of(code, on))
    if code in MASKED_CODES and not reasons:
        return Square(_MASK[kind], _LOOK[kind], kind.label)
    return Square(code, "l" if code == "L" else _LOOK[kind], label_of(code, on))


def key_to(squares: Iterable[Square]) -> list[Square]:
    """The legend of these squares: each letter that stands there once, in the order of the codes, with its weight."""
    found = sorted(set(squares), key=lambda s: (_ORDER.get(s.letter, len(_ORDER)), s.letter, s.label))
    return [Square(s.letter, s.look, _with_weight(s)) for s in found]


def _with_weight(drawn: Square) -> str:
    weight = _LOOK_IN_WORDS.get(drawn.look) if drawn.letter in _ORDER else None
    return f"{drawn.label} ({weight})" if weight else drawn.label
