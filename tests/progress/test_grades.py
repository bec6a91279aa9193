"""What became of a grade, in the scales that schools send."""

import pytest

from tutoring.progress.grades import change_of_grade


@pytest.mark.parametrize(
    ("before", "now", "direction", "text"),
    [
        ("5", "6", 1, "▲ up one"),
        ("6", "4", -1, "▼ down two"),
        ("6", "6", 0, "same"),
        ("5=", "5", 0, "same"),
        ("5-", "5+", 1, "▲ up"),
        ("U", "1", 1, "▲ up"),
        ("3", "U", -1, "▼ down"),
        ("B", "A*", 1, "▲ up two"),
        ("P", "M", 1, "▲ up one"),
        ("D", "U", -1, "▼ down"),
        ("Merit", "Distinction", 1, "▲ up one"),
        ("merit", "MERIT", 0, "same"),
        ("Developing", "Secure", None, "was Developing"),
    ],
)
def test_change(before: str, now: str, direction: int | None, text: str) -> None:
    change = change_of_grade(before, now)
    assert change is not None
    assert (change.direction, change.text) == (direction, text)


def test_a_first_grade_has_no_change() -> None:
    assert change_of_grade("", "5") is None
    assert change_of_grade("5", " ") is None
