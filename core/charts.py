"""Charts as SVG made on the server: the same picture on screen and in the PDF, no style attributes, no script.

Each has a title, a description and, beside it, rows for a table; nothing is told by colour alone.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 712, 150
TOP, FLOOR = 24, 124
GREEN, BAR, BAR_LOW, INK_SOFT = "#1f5f5b", "#b9d8c9", "#d9c48f", "#566369"
WIDEST_BAR = 40.0
# Dates under the bars need this much room; numbers over them this much.
DATE_ROOM, NUMBER_ROOM = 46.0, 32.0


@dataclass(frozen=True)
class Week:
    """One week: its Monday and the sessions attended of those possible; none possible leaves a hole."""

    monday: dt.date
    attended: int
    possible: int

    @property
    def percent(self) -> float | None:
        return 100 * self.attended / self.possible if self.possible else None

    @property
    def date(self) -> str:
        """As one writes it under a bar: 7 Sep."""
        return date_format(self.monday, "j M")


def weeks_between(counts: Iterable[tuple[dt.date, int, int]]) -> list[Week]:
    """(Monday, attended, possible) rows as one unbroken run of weeks; those in between without rows become holes."""
    known = {monday: Week(monday, attended, possible) for monday, attended, possible in counts if possible}
    if not known:
        return []
    first, last = min(known), max(known)
    mondays = (first + dt.timedelta(weeks=n) for n in range((last - first).days // 7 + 1))
    return [known.get(monday, Week(monday, 0, 0)) for monday in mondays]


def attendance_rows(weeks: Iterable[Week]) -> list[tuple[str, str, str]]:
    """The table behind the chart: (date of Monday, "9 of 10", "90.0%"), without the holes."""
    return [(w.date, f"{w.attended} of {w.possible}", f"{w.percent:.1f}%") for w in weeks if w.percent is not None]


def attendance_words(
    weeks: Iterable[Week],
    average: float | None = None,
    average_label: str = "school average",
) -> str:
    """The same figures as one text, for those who hear the chart."""
    said = [f"{date} {count}" for date, count, _ in attendance_rows(weeks)]
    text = f"Sessions attended each week, by its Monday: {', '.join(said)}."
    return text if average is None else f"{text} The {average_label} is {average:.1f}%."


def attendance_weeks(
    weeks: Sequence[Week],
    *,
    average: float | None = None,
    average_label: str = "school average",
    title: str = "Attendance, week by week",
    mark_below: float | None = None,
    key: str = "weeks",
) -> SafeString:
    """A bar for each week from 0 to 100 %, a dashed line for the average (per cent); '' without any week.

    A bar under `mark_below` (per cent) carries a small triangle as well as another colour.
    `key` makes the ids unique where a page shows several charts.
    """
    if not any(week.possible for week in weeks):
        return SafeString("")
    slot = min(50.0, (WIDTH - 20) / len(weeks))
    bars = _together(_bar(week, 10 + n * slot, slot, mark_below) for n, week in enumerate(weeks))
    parts = [_axis(), bars, _dates(weeks, slot)]
    if average is not None:
        parts.append(_average(average, f"{average_label} {average:.1f}%", 10 + len(weeks) * slot))
    return _svg(_together(parts), title, attendance_words(weeks, average, average_label), key)


def line(values: Sequence[float | None], *, title: str, desc: str, key: str, width: int = 120) -> SafeString:
    """A small line of per cent values, earliest first, broken at every None; '' with fewer than two values."""
    if sum(value is not None for value in values) < 2:
        return SafeString("")
    step = (width - 8) / (len(values) - 1)
    points = [None if v is None else (4 + n * step, 28 - 0.24 * v) for n, v in enumerate(values)]
    joined = [(*a, *b) for a, b in pairwise(points) if a and b]
    strokes = format_html_join(
        "",
        '<line x1="{}" y1="{}" x2="{}" y2="{}"/>',
        ([f"{number:.1f}" for number in four] for four in joined),
    )
    end = next(point for point in reversed(points) if point)
    dot = format_html(
        '<circle cx="{}" cy="{}" r="2.5" fill="{}" stroke="none"/>',
        f"{end[0]:.1f}",
        f"{end[1]:.1f}",
        GREEN,
    )
    content = format_html('<g stroke="{}" stroke-width="1.5" fill="none">{}{}</g>', GREEN, strokes, dot)
    return _svg(content, title, desc, key, width=width, height=32)


def _svg(
    content: SafeString,
    title: str,
    desc: str,
    key: str,
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> SafeString:
    # The font is named here: without it the PDF would embed a second family for the labels.
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {w} {h}" width="{w}" height="{h}"'
        ' role="img" font-family="Inter" aria-labelledby="{k}-title" aria-describedby="{k}-desc">'
        '<title id="{k}-title">{t}</title><desc id="{k}-desc">{d}</desc>{c}</svg>',
        w=width, h=height, k=key, t=title, d=desc, c=content,
    )  # fmt: skip


def _together(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _axis() -> SafeString:
    return format_html('<line x1="0" x2="{}" y1="{y}" y2="{y}" stroke="#cdd4d0"/>', WIDTH, y=FLOOR)


def _height(percent: float) -> float:
    return percent * (FLOOR - TOP) / 100


def _bar(week: Week, left: float, slot: float, mark_below: float | None) -> SafeString:
    if week.percent is None:
        return SafeString("")
    width = min(WIDEST_BAR, slot * 0.8)
    low = mark_below is not None and week.percent < mark_below
    top, middle = FLOOR - _height(week.percent), left + width / 2
    bar = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
        f"{left:.1f}", f"{top:.1f}", f"{width:.1f}", f"{FLOOR - top:.1f}", BAR_LOW if low else BAR,
    )  # fmt: skip
    number = f"{'▼ ' if low else ''}{week.percent:.0f}%" if slot >= NUMBER_ROOM else "▼" if low else ""
    return bar + _text(middle, FLOOR - 5, number, fill="#1d2a2e", anchor="middle")


def _dates(weeks: Sequence[Week], slot: float) -> SafeString:
    """A date under the first bar after each hole, then under as many others as there is room for."""
    held = [n for n, week in enumerate(weeks) if week.possible]
    returns = [n for n in held if n == 0 or not weeks[n - 1].possible]
    dated: list[int] = []
    for n in [*returns, *held]:
        if all(abs(n - other) * slot >= DATE_ROOM for other in dated):
            dated.append(n)
    return _together(_text(10 + n * slot, FLOOR + 15, weeks[n].date) for n in sorted(dated))


def _average(percent: float, label: str, bars_end: float) -> SafeString:
    height = FLOOR - _height(percent)
    # Beside the bars where there is room, else above the last of them.
    room = bars_end + 6 + 6.2 * len(label) < WIDTH
    left, base, anchor = (bars_end + 6, height - 5, "start") if room else (WIDTH, TOP - 12, "end")
    text = _text(left, base, label, fill=GREEN, anchor=anchor)
    return format_html(
        '<line x1="0" x2="{}" y1="{y}" y2="{y}" stroke="{}" stroke-width="1.2" stroke-dasharray="4 3"/>{}',
        WIDTH, GREEN, text, y=f"{height:.1f}",
    )  # fmt: skip


def _text(x: float, y: float, content: str, *, fill: str = INK_SOFT, anchor: str = "start") -> SafeString:
    if not content:
        return SafeString("")
    return format_html(
        '<text x="{}" y="{}" font-size="10" fill="{}" text-anchor="{}">{}</text>',
        f"{x:.1f}", f"{y:.1f}", fill, anchor, content,
    )  # fmt: skip
