"""Advice on a comment before it goes home."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutoring.progress.comments_hints import hints

GOOD = "Jamal has come to breakfast club every Monday since October. His maths has gone up, and he helps others."


def test_a_good_comment_gets_no_advice() -> None:
    assert hints(GOOD, "Jamal", ["Jamal", "Zofia"]) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("Jamal", "Zofia"), "Names Zofia"),
        (GOOD.replace("Jamal", "He"), "Does not say Jamal’s name"),
        (GOOD + " [add target]", "brackets"),
        ("Jamal did well.", "Very short"),
        (GOOD * 10, "Long:"),
        ("Jamal " + "and then he went " * 12 + ".", "hard to read aloud"),
    ],
)
def test_what_a_second_reader_would_notice(text: str, says: str) -> None:
    assert any(says in hint for hint in hints(text, "Jamal", ["Jamal", "Zofia"]))


def test_the_possessive_is_a_name_too() -> None:
    assert hints(GOOD.replace("Jamal has", "Jamal’s tutor saw that he has"), "Jamal") == []


@given(st.text(max_size=300), st.text(max_size=10))
def test_it_never_fails(text: str, name: str) -> None:
    assert isinstance(hints(text, name, [name, "Zofia"]), list)
