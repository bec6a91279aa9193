"""How a mark is shown: by the meaning on its day, and without private reasons to those who need not know them."""

import datetime as dt

import pytest

from tutoring.attendance.enums import StatClass
from tutoring.attendance.meaning import class_of, square

DAY = dt.date(2026, 9, 10)


@pytest.mark.parametrize(("code", "words"), [("I", "Authorised absence"), ("M", "Authorised absence"),
                                             ("R", "Authorised absence"), ("T", "Authorised absence"),
                                             ("Y5", "Unable to attend")])  # fmt: skip
def test_private_codes_show_their_class_alone(code: str, words: str) -> None:
    masked = square(code, DAY, reasons=False)
    assert masked.label == words
    assert code not in masked.letter
    assert square(code, DAY, reasons=True).letter == code


def test_other_codes_are_for_everybody_who_sees_attendance() -> None:
    assert square("O", DAY, reasons=False).letter == "O"
    assert square("L", DAY, reasons=False).look == "l"


def test_no_mark_and_unknown_codes_say_so() -> None:
    assert square("-", DAY, reasons=True).label == "No mark"
    assert square("J", DAY, reasons=True).label == "Unknown code"
    assert class_of("J", dt.date(2024, 5, 1)) == StatClass.APPROVED_EDU
