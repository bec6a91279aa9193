"""Dates: every form, and the order decided from a whole column."""

import contextlib
import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.dates import DateOrder, decide_order, read_date
from exchange.values import BadValue

DAY = dt.date(2026, 9, 3)
FORMS = [
    "03/09/2026",
    "3/9/26",
    "2026-09-03",
    "03-Sep-26",
    "03.09.2026",
    "20260903",
    "3 September 2026",
    "03-Sep-2026",
    "2026-09-03T08:45:00",
    "03/09/2026 00:00:00",
    "03/09/2026 08:45",
    "Thu 03/09/2026",
    "3rd Sept 2026",
    "Sep 3, 2026",
    "2026/09/03",
    "46268",
]


@pytest.mark.parametrize("text", FORMS)
def test_every_form_of_one_day(text: str) -> None:
    assert read_date(text) == DAY


@pytest.mark.parametrize("text", ["31/02/2012", "2026-13-01", "00/09/2026", "30-Feb-26"])
def test_days_that_do_not_exist(text: str) -> None:
    with pytest.raises(BadValue, match=r"exist|not a date"):
        read_date(text)


def test_a_value_over_twelve_decides_for_the_column() -> None:
    assert decide_order(Counter(["09/03/2026", "09/14/2026"])).order is DateOrder.MONTH_FIRST
    assert decide_order(Counter(["03/09/2026", "14/09/2026"])).order is DateOrder.DAY_FIRST


def test_the_majority_decides_where_values_contradict_and_the_others_are_refused() -> None:
    decision = decide_order(Counter(["14/09/2026", "15/09/2026", "09/16/2026"]))
    assert decision.order is DateOrder.DAY_FIRST
    assert decision.mixed
    with pytest.raises(BadValue, match="rest of this column is written day/month/year"):
        read_date("09/16/2026", decision.order)


def test_nothing_decides_then_the_british_order_uncertain() -> None:
    decision = decide_order(Counter(["03/09/2026"]))
    assert (decision.order, decision.certain) == (DateOrder.DAY_FIRST, False)


def test_plausibility_decides_where_no_number_does() -> None:
    past = decide_order(Counter(["09/11/2026", "09/10/2026"]), lambda day: day <= dt.date(2026, 9, 30))
    assert past.order is DateOrder.MONTH_FIRST  # 9 November and 9 October are still to come


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2049, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d-%b-%y", "%d.%m.%Y", "%Y%m%d"]),
)
def test_what_a_mis_writes_is_read_again(day: dt.date, form: str) -> None:
    assert read_date(day.strftime(form)) == day


@given(st.text(max_size=30))
def test_no_text_crashes(text: str) -> None:
    with contextlib.suppress(BadValue):
        assert read_date(text).year >= 1900
    decide_order(Counter([text]))
