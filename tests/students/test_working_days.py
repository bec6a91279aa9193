"""Facts 4.10 (one working day; 10 and 15 working days), against the dates that gov.uk/bank-holidays publishes."""

import datetime as dt

import pytest

from students.working_days import bank_holidays, is_working_day, working_days_after


def days(year: int, *said: str) -> frozenset[dt.date]:
    return frozenset(dt.datetime.strptime(f"{one} {year}", "%d %b %Y").date() for one in said)


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (2021, ("1 Jan", "2 Apr", "5 Apr", "3 May", "31 May", "30 Aug", "27 Dec", "28 Dec")),
        (2024, ("1 Jan", "29 Mar", "1 Apr", "6 May", "27 May", "26 Aug", "25 Dec", "26 Dec")),
        (2026, ("1 Jan", "3 Apr", "6 Apr", "4 May", "25 May", "31 Aug", "25 Dec", "28 Dec")),
        (2027, ("1 Jan", "26 Mar", "29 Mar", "3 May", "31 May", "30 Aug", "27 Dec", "28 Dec")),
        # Christmas on a Sunday: its own day is moved past Boxing Day; New Year's Day on a Saturday.
        (2033, ("3 Jan", "15 Apr", "18 Apr", "2 May", "30 May", "29 Aug", "26 Dec", "27 Dec")),
    ],
)
def test_bank_holidays(year: int, said: tuple[str, ...]) -> None:
    assert bank_holidays(year) == days(year, *said)


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        ("2026-11-18", 1, "2026-11-19"),  # Wednesday to Thursday
        ("2026-11-20", 1, "2026-11-23"),  # Friday to Monday
        ("2026-11-21", 1, "2026-11-23"),  # a Saturday
        ("2026-11-22", 1, "2026-11-23"),  # a Sunday
        ("2026-04-02", 1, "2026-04-07"),  # the Thursday before Easter
        ("2026-12-24", 1, "2026-12-29"),  # Christmas Eve, a Thursday
        ("2026-12-31", 1, "2027-01-04"),  # past New Year's Day, a Friday
        ("2026-05-01", 1, "2026-05-05"),  # past the early May holiday
        ("2026-10-23", 1, "2026-10-26"),  # half-term does not matter
        ("2026-11-18", 15, "2026-12-09"),
        ("2026-12-09", 10, "2026-12-23"),
        ("2026-12-11", 15, "2027-01-06"),
        ("2026-11-18", 0, "2026-11-18"),
    ],
)
def test_working_days_after(day: str, number: int, expected: str) -> None:
    assert working_days_after(dt.date.fromisoformat(day), number) == dt.date.fromisoformat(expected)


def test_weekends_and_bank_holidays_are_none() -> None:
    assert [is_working_day(dt.date(2026, 12, day)) for day in range(24, 32)] == [
        True, False, False, False, False, True, True, True,
    ]  # fmt: skip
