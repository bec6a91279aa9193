"""The lines of a dashboard: one for each tutor group, house or year, by year and name, never by figures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from core.ids import UUID
from reports.dashboards.conditions import number_of
from reports.dashboards.facts import StudentFacts
from reports.dashboards.scope import NONE
from tutoring.attendance.statistics import Figure

SAME = 0.05  # a difference that does not show at one decimal


@dataclass(frozen=True)
class Comparison:
    """A figure beside the school's: the sign, and the words that say the same."""

    sign: str
    words: str


@dataclass(frozen=True)
class Line:
    """What the students of one line have in common, and their numbers; `query` is what opens them in an address."""

    label: str
    query: str
    tutors: str
    facts: list[StudentFacts]

    @property
    def students(self) -> int:
        return len(self.facts)

    @property
    def figure(self) -> Figure:
        """Attendance of all of them together in this school year: sums, not a mean of percentages."""
        return sum((f.year for f in self.facts), Figure())

    @property
    def seen(self) -> int:
        return number_of("seen", self.facts)

    @property
    def unseen(self) -> int:
        return number_of("unseen", self.facts)

    @property
    def entitled(self) -> int:
        """To how many the school promises 1:1s: everybody whom its rule does not leave out."""
        return self.seen + self.unseen

    @property
    def persistent(self) -> int:
        return number_of("persistent", self.facts)

    @property
    def overdue(self) -> int:
        return number_of("overdue", self.facts)

    @property
    def uncommented(self) -> int:
        return number_of("no-comment", self.facts)


def whole(facts: list[StudentFacts], query: str) -> Line:
    """All of them as one line."""
    return Line("All", query, "", facts)


def lines_by_group(facts: Iterable[StudentFacts], chosen: dict[str, str], tutors: dict[UUID, str]) -> list[Line]:
    """A line a tutor group: by the group's lowest year, then its name; those without a group last."""
    return _lines(
        facts, chosen, "group",
        key=lambda f: f.group_id, label=lambda f: f.group_name or "No group",
        order=lambda f: (not f.group_id, f.student.year_group or 99, f.group_name),
        tutors=tutors,
    )  # fmt: skip


def lines_by_house(facts: Iterable[StudentFacts], chosen: dict[str, str]) -> list[Line]:
    """A line a house, by name."""
    return _lines(
        facts, chosen, "house",
        key=lambda f: f.student.house_id, label=lambda f: str(f.student.house or "No house"),
        order=lambda f: (not f.student.house_id, str(f.student.house or "")),
    )  # fmt: skip


def lines_by_year(facts: Iterable[StudentFacts], chosen: dict[str, str]) -> list[Line]:
    """A line a year."""
    return _lines(
        facts, chosen, "year",
        key=lambda f: f.student.year_group,
        label=lambda f: f"Year {f.student.year_group}" if f.student.year_group else "No year",
        order=lambda f: (f.student.year_group or 99,),
    )  # fmt: skip


def _lines(
    facts: Iterable[StudentFacts],
    chosen: dict[str, str],
    name: str,
    *,
    key: Callable[[StudentFacts], Any],
    label: Callable[[StudentFacts], str],
    order: Callable[[StudentFacts], Any],
    tutors: dict[UUID, str] | None = None,
) -> list[Line]:
    found: dict[Any, list[StudentFacts]] = {}
    for one in sorted(facts, key=order):
        found.setdefault(key(one), []).append(one)
    return [
        Line(label(some[0]), urlencode(chosen | {name: value or NONE}), (tutors or {}).get(value, ""), some)
        for value, some in found.items()
    ]


def compared(figure: Figure, school: Figure) -> Comparison | None:
    """The attendance of a line beside the school's, in percentage points; None where either says nothing."""
    if figure.attendance is None or school.attendance is None:
        return None
    points = round(figure.attendance, 1) - round(school.attendance, 1)  # as the reader would reckon it
    if abs(points) < SAME:
        return Comparison("=", "as the school")
    return Comparison("▲", f"{points:.1f} above") if points > 0 else Comparison("▼", f"{-points:.1f} below")
