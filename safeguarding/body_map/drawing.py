"""The two figures with numbered dots on them, and marks in words: what templates draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from safeguarding.body_map.areas import AREAS, Area, View, name_of
from safeguarding.body_map.lines import KINDS, LINES

Mark = Mapping[str, str]
TITLES: dict[View, str] = {"front": "From the front", "back": "From behind"}
# Several marks in one area stand beside each other.
DOT_APART = 15


@dataclass(frozen=True)
class Dot:
    """A number on the drawing."""

    number: int
    x: int
    y: int


@dataclass
class Figure:
    """One drawing: its areas and the dots on it. Left and right as words for whoever looks at it."""

    view: View
    areas: list[Area]
    dots: list[Dot] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)

    @property
    def title(self) -> str:
        return TITLES[self.view]

    @property
    def sides(self) -> tuple[str, str]:
        """What stands at the left and at the right edge of the drawing: the child's own sides."""
        return ("right", "left") if self.view == "front" else ("left", "right")


@dataclass(frozen=True)
class ShownMark:
    """A mark in words: its number on the drawing, where, what, and the rest as pairs of label and text."""

    number: int
    place: str
    kind: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class ShownMarks:
    """All that `safeguarding/_marks.html` needs."""

    figures: list[Figure]
    marks: list[ShownMark]


def figures_with(marks: Sequence[Mark]) -> list[Figure]:
    """Front and back with a dot for each mark whose place is known, numbered from 1 in the order of the marks."""
    figures = [Figure(view, [area for area in AREAS.values() if area.view == view]) for view in TITLES]
    taken: dict[str, int] = {}
    for number, mark in enumerate(marks, 1):
        if area := AREAS.get(mark.get("place", "")):
            x, y = area.centre
            nth = taken[area.code] = taken.get(area.code, -1) + 1
            figure = next(one for one in figures if one.view == area.view)
            figure.marked.add(area.code)
            figure.dots.append(Dot(number, x + nth % 3 * DOT_APART, y + nth // 3 * DOT_APART))
    return figures


def marks_shown(marks: Sequence[Mark]) -> ShownMarks:
    """Marks as they were cleaned by the form, for reading and printing."""
    rows = []
    for number, mark in enumerate(marks, 1):
        facts = [(line.label, mark[line.key]) for line in LINES if line.is_typed and mark.get(line.key)]
        kind = KINDS.get(mark.get("kind", ""), mark.get("kind", ""))
        rows.append(ShownMark(number, name_of(mark.get("place", "")), kind, facts))
    return ShownMarks(figures_with(marks), rows)
