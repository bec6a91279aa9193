"""The hint at plain words: rough, and silent about short lines."""

import pytest

from tutoring.sessions.reading_level import hard_sentences, hints_on_words, is_hard, level_in_words, reading_year


def test_few_words_say_nothing() -> None:
    assert reading_year(["I come on time."]) is None
    assert reading_year([]) is None


@pytest.mark.parametrize(
    "plain",
    [
        "I come to breakfast club on Tuesdays. I bring my maths book.",
        "I will ask Ms Reed for the sheet and do it at home on Sunday.",
    ],
)
def test_plain_lines_are_not_hard(plain: str) -> None:
    assert not is_hard([plain], 8)


def test_long_words_in_long_sentences_are_hard() -> None:
    hard = "Attendance expectations necessitate demonstrable improvement regarding punctuality and organisation."
    assert is_hard([hard], 8)


def test_how_plain_is_for_the_school_to_say() -> None:
    line = "I will ask Ms Reed for the sheet and do it at home on Sunday."
    year = reading_year([line])
    assert year
    assert not is_hard([line], year)
    assert is_hard([line], year - 1)


def test_the_formula_is_the_published_one() -> None:
    """14 words, 1 sentence, 15 syllables: 0.39 × 14 + 11.8 × 15 / 14 − 15.59 = 2.51, American grade 3, Year 4."""
    assert reading_year(["I will get up when the clock rings and not go back to sleeping"]) == 4


def test_beyond_school_there_is_no_year_to_name() -> None:
    hard = "Attendance expectations necessitate demonstrable improvement regarding punctuality and organisation."
    assert level_in_words([hard]) == "harder than Year 13"
    assert level_in_words(["I will get up when the clock rings and not go back to sleeping"]) == "like Year 4"


def test_delight_5_the_sentence_that_is_too_hard_is_named_and_the_year_asked_for() -> None:
    hard = "Attendance expectations necessitate demonstrable improvement regarding punctuality and organisation."
    plain = "I come to breakfast club on Tuesdays. I bring my maths book."
    assert hard_sentences([f"{plain} {hard}"], 8) == [hard]
    first, asked = hints_on_words([plain, hard], 8)
    assert first.startswith("“Attendance expectations")
    assert first.endswith("reads harder than Year 13.")
    assert "Year 8" in asked
    assert hints_on_words([plain], 8) == []


def test_delight_5_many_short_lines_that_are_hard_together_are_said_to_be() -> None:
    lines = ["Demonstrate organisational responsibility.", "Communicate difficulties immediately.", "Revise daily."]
    assert hard_sentences(lines, 8) == []
    assert hints_on_words(lines, 8)[0].startswith("Together the lines read")
