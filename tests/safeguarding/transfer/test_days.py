"""Oracle 11 of the facts, and both readings of "5 days"."""

import datetime as dt

import pytest

from safeguarding.transfer.days import due_of, receipt_expected_by
from safeguarding.transfer.enums import Basis
from students.models import Term
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def autumn() -> Term:
    """Monday 7 September to Friday 18 December 2026, half term in the last week of October; spring from 4 January."""
    term = make.TermFactory.create(
        starts_on=dt.date(2026, 9, 7), ends_on=dt.date(2026, 12, 18), year=2026, name="AUT",
        break_starts_on=dt.date(2026, 10, 26), break_ends_on=dt.date(2026, 10, 30),
    )  # fmt: skip
    make.TermFactory.create(
        school=term.school, year=2026, name="SPR", starts_on=dt.date(2027, 1, 5), ends_on=dt.date(2027, 3, 26)
    )
    return term


def test_in_year_it_is_due_five_days_after_the_last_day(autumn: Term) -> None:
    """Oracle 11: due = leave date + 5 days."""
    due = due_of(autumn.school, dt.date(2026, 11, 18))
    assert (due.basis, due.on) == (Basis.IN_YEAR, dt.date(2026, 11, 23))
    assert due.school_on == dt.date(2026, 11, 25), "five school days, past the weekend"
    over_half_term = due_of(autumn.school, dt.date(2026, 10, 22))
    assert (over_half_term.on, over_half_term.school_on) == (dt.date(2026, 10, 27), dt.date(2026, 11, 5))


def test_with_a_new_term_it_is_due_within_its_first_five_days(autumn: Term) -> None:
    for last in (dt.date(2026, 12, 18), dt.date(2026, 12, 27)):
        due = due_of(autumn.school, last)
        assert (due.basis, due.on, due.school_on) == (Basis.NEW_TERM, dt.date(2027, 1, 9), dt.date(2027, 1, 11))
    # A lead may say so where the calendar cannot know it: Year 11 in June, for September.
    assert due_of(autumn.school, dt.date(2026, 11, 18), Basis.NEW_TERM).on == dt.date(2027, 1, 9)


def test_where_the_calendar_ends_the_time_runs_from_the_last_day(autumn: Term) -> None:
    due = due_of(autumn.school, dt.date(2027, 3, 26))
    assert (due.basis, due.on, due.school_on) == (Basis.IN_YEAR, dt.date(2027, 3, 31), None)
    Term.objects.all().delete()
    without = due_of(autumn.school, dt.date(2026, 11, 18))
    assert (without.on, without.school_on) == (dt.date(2026, 11, 23), None)


def test_a_receipt_is_expected_within_five_days() -> None:
    assert receipt_expected_by(dt.date(2026, 11, 18)) == dt.date(2026, 11, 23)
