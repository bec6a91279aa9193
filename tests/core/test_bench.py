"""The bench: its parts are found, a missed limit is said."""

from bench import Figure, measure_of, part_names


def test_every_part_can_be_measured() -> None:
    assert "reports" in part_names()
    assert all(callable(measure_of(name)) for name in part_names())


def test_a_limit_is_held_or_not_and_says_so() -> None:
    assert str(Figure("ratio", 1.204, most=1.3)) == "ratio: 1.20 (at most 1.3: held)"
    assert str(Figure("ratio", 1.31, most=1.3)) == "ratio: 1.31 (at most 1.3: NOT HELD)"
    assert str(Figure("one report", 1234.5, "ms")) == "one report: 1,234.50 ms"
    assert not Figure("ratio", 1.31, most=1.3).held
