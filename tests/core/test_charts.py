"""Charts: the picture follows the figures, holidays leave holes, nothing typed becomes markup."""

import datetime as dt
import re
from itertools import pairwise
from xml.etree import ElementTree

from core import charts

MONDAY = dt.date(2026, 9, 7)
SVG = "{http://www.w3.org/2000/svg}"


def _weeks(*attended: int | None) -> list[charts.Week]:
    rows = [(MONDAY + dt.timedelta(weeks=n), a, 10) for n, a in enumerate(attended) if a is not None]
    return charts.weeks_between(rows)


def _bars(svg: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(svg).findall(f"{SVG}rect")


def test_a_week_without_possible_sessions_leaves_a_hole() -> None:
    weeks = _weeks(10, 9, None, 10)
    assert [w.possible for w in weeks] == [10, 10, 0, 10]
    bars = _bars(charts.attendance_weeks(weeks))
    assert len(bars) == 3
    gaps = [float(b.get("x") or 0) - float(a.get("x") or 0) for a, b in pairwise(bars)]
    assert gaps[1] == 2 * gaps[0]


def test_bars_are_as_high_as_the_figures_say() -> None:
    heights = [float(b.get("height") or 0) for b in _bars(charts.attendance_weeks(_weeks(10, 5, 0)))]
    assert heights == [100.0, 50.0, 0.0]


def test_low_weeks_carry_a_sign_and_not_only_a_colour() -> None:
    svg = charts.attendance_weeks(_weeks(10, 8, 9), mark_below=90)
    assert svg.count("▼") == 1
    assert "▼" not in charts.attendance_weeks(_weeks(10, 8, 9))


def test_it_is_named_described_and_has_rows_for_a_table() -> None:
    weeks = _weeks(10, 9)
    root = ElementTree.fromstring(charts.attendance_weeks(weeks, average=94.12, key="jamal"))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Attendance, week by week"
    assert root.findtext(f"{SVG}desc") == (
        "Sessions attended each week, by its Monday: 7 Sep 10 of 10, 14 Sep 9 of 10. The school average is 94.1%."
    )
    assert root.get("aria-labelledby") == "jamal-title"
    assert charts.attendance_rows(weeks) == [
        ("7 Sep", "10 of 10", "100.0%"),
        ("14 Sep", "9 of 10", "90.0%"),
    ]


def test_dates_never_overlap_and_every_return_from_a_holiday_is_dated() -> None:
    year = _weeks(*[10] * 7, None, *[9] * 7, None, None, *[8] * 6, None, *[10] * 6, None, None, *[9] * 7)
    svg = charts.attendance_weeks(year, average=94)
    dates = re.findall(r'<text x="([\d.]+)" y="139.0"', svg)
    lefts = [float(x) for x in dates]
    assert len(lefts) >= 8
    assert all(b - a >= charts.DATE_ROOM - 0.1 for a, b in pairwise(lefts))


def test_nothing_possible_draws_nothing() -> None:
    assert charts.attendance_weeks([]) == ""
    assert charts.weeks_between([(MONDAY, 0, 0)]) == []


def test_text_is_escaped_and_no_style_is_written() -> None:
    svg = charts.attendance_weeks(_weeks(9), title="<script>alert(1)</script>", average=90, average_label='"><b>')
    assert "<script" not in svg
    assert "<b>" not in svg
    assert "style=" not in svg


def test_a_small_line_breaks_where_nothing_is_known() -> None:
    svg = charts.line([100, 90, None, 80, 85], title="Attendance", desc="From 100 to 85", key="a")
    assert len(ElementTree.fromstring(svg).findall(f"{SVG}g/{SVG}line")) == 2
    assert charts.line([None, 90], title="", desc="", key="a") == ""
