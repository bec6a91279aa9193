"""When the story says that attendance fell or came back: enough sessions, whole numbers, no swinging to and fro."""

import datetime as dt
from itertools import accumulate

from tutoring.attendance.crossings import SoFar, crossings, with_standing
from tutoring.attendance.statistics import Figure


def weeks(*absences: int) -> list[SoFar]:
    """School weeks of ten sessions with so many unauthorised absences each."""
    return [
        SoFar(
            dt.date(2026, 9, 7) + dt.timedelta(weeks=n),
            Figure(possible=10 * (n + 1), attended=10 * (n + 1) - gone, unauthorised=gone, notice=gone),
            gone if n < 10 else sum(absences[n - 9 : n + 1]),
        )
        for n, gone in enumerate(accumulate(absences))
    ]


def test_nothing_is_told_before_forty_sessions() -> None:
    assert crossings(weeks(5, 0, 0)) == []


def test_a_tenth_missed_is_a_crossing_with_its_counts() -> None:
    (found,) = crossings(weeks(0, 0, 0, 0, 0, 0, 7))
    assert (found.level, found.down, found.year.absent, found.year.possible, found.notice) == (90, True, 7, 70, 7)


def test_of_two_levels_at_once_only_the_deeper_is_told() -> None:
    assert [c.level for c in crossings(weeks(0, 0, 0, 0, 10, 10))] == [90]


def test_coming_back_needs_a_full_point() -> None:
    assert [c.down for c in crossings(weeks(*[0] * 8, 9, 0))] == [True]
    assert [c.down for c in crossings(weeks(*[0] * 8, 9, 0, 0))] == [True, False]


def test_a_week_that_stands_as_the_one_before_may_be_left_out() -> None:
    held = weeks(*[0] * 8, 9, 0, 0)
    assert crossings([held[3], *held[8:]]) == crossings(held)


def test_what_was_told_before_is_still_so_today() -> None:
    """The same level twice in a story says the second time that it is still so; one of this week is told once."""
    held = weeks(0, 0, 0, 0, 0, 0, 7, 0)
    later = held[-1].week + dt.timedelta(days=7)
    assert [c.still for c in with_standing(crossings(held[:7]), held[6], later)] == [False, True]
    this_week = held[6].week + dt.timedelta(days=4)
    assert [c.still for c in with_standing(crossings(held[:7]), held[6], this_week)] == [False]
