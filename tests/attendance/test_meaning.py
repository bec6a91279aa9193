"""How a mark is shown: by the meaning on its day, and without private reasons to those who need not know them."""

import datetime as dt

import pytest

from tutoring.attendance.codes import CODES
from tutoring.attendance.enums import StatClass
from tutoring.attendance.meaning import class_of, key_to, square

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


def test_the_legend_explains_every_letter_that_stands_there_once_and_no_other() -> None:
    shown = [square(code, DAY, reasons=True) for code in ("U", "\\", "/", "I", "/", "-", "U")]
    assert [(s.letter, s.look, s.label) for s in key_to(shown)] == [
        ("/", "", "Present (morning)"),
        ("\\", "", "Present (afternoon)"),
        ("I", "c", "Illness (authorised absence)"),
        ("U", "u", "Arrived after the register closed (unauthorised absence)"),
        ("–", "x", "No mark"),
    ]
    everything = [square(row[0], DAY, reasons=True) for row in CODES]
    assert {s.letter for s in key_to(everything)} == {row[0] for row in CODES}


def test_the_legend_gives_no_private_reason_away() -> None:
    assert [s.label for s in key_to([square("R", DAY, reasons=False)])] == ["Authorised absence"]
