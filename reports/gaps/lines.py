"""The lines of the page: each group beside everybody not in it, and what of that is not said (suppression.py)."""

from dataclasses import dataclass
from functools import cached_property

from reports.gaps.groups import TRAITS, Trait
from reports.gaps.measures import BEFORE, MEASURES, NOW, Measure, Measured, Part, together
from reports.gaps.suppression import ALL, Cell, hidden_cells

NO_YEAR = "none"


@dataclass(frozen=True)
class Comparison:
    """One measure of one group beside everybody else’s, as rounded as it is shown; None where it cannot be said.

    `hidden` where it must not be. `before` is the difference of the term before.
    """

    measure: Measure
    figure: float | None = None
    others: float | None = None
    before: float | None = None
    hidden: bool = False

    @property
    def difference(self) -> float | None:
        return _minus(self.figure, self.others, self.measure)

    @property
    def change(self) -> float | None:
        """How much the difference has grown (below 0: shrunk, where both lie on the same side)."""
        return _minus(self.difference, self.before, self.measure)

    @property
    def words(self) -> str:
        """The difference: "3.1 points lower"."""
        return self._amount(self.difference) if self.difference else "the same"

    @property
    def words_before(self) -> str:
        """The term before: "last term 3.8 points lower"; the two lines stand one above the other."""
        if self.before is None or self.difference is None:
            return ""
        return f"last term {self._amount(self.before) if self.before else 'the same'}"

    def _amount(self, difference: float | None) -> str:
        side = "higher" if (difference or 0) > 0 else "lower"
        number = self._number(abs(difference or 0))
        step = self.measure.step.removesuffix("s") if number == "1" else self.measure.step
        return " ".join(part for part in (number, step, side) if part)

    def _number(self, value: float) -> str:
        return f"{value:.{self.measure.places}f}"

    @property
    def shown(self) -> str:
        return "" if self.figure is None else f"{self._number(self.figure)}{self.measure.unit}"

    @property
    def shown_others(self) -> str:
        return "" if self.others is None else f"{self._number(self.others)}{self.measure.unit}"


def _minus(one: float | None, other: float | None, measure: Measure) -> float | None:
    return None if one is None or other is None else round(one - other, measure.places)


@dataclass(frozen=True)
class Line:
    """One group: its students and everybody else, and each measure."""

    label: str
    students: int
    others: int
    comparisons: list[Comparison]


@dataclass(frozen=True)
class Table:
    """What one trait tells apart: the lines that may be shown, and the groups of which nothing may."""

    trait: Trait
    lines: list[Line]
    hidden: list[str]


def year_of(one: Measured) -> str:
    """The row of the student in every table."""
    return str(one.student.year_group or NO_YEAR)


def tables_of(everybody: list[Measured], row: str = ALL) -> list[Table]:
    """A table a trait, of all of them or of one year; what is hidden is so whatever year is looked at."""
    return [_Counted(trait, everybody).table(row) for trait in TRAITS]


class _Counted:
    """Everybody by row and group of one trait."""

    def __init__(self, trait: Trait, everybody: list[Measured]) -> None:
        years = sorted({year_of(one) for one in everybody})
        rows = [*years, ALL] if len(years) > 1 else [ALL]
        self.trait = trait
        self.members: dict[Cell, list[Measured]] = {(row, group): [] for row in rows for group in trait.groups}
        for one in everybody:
            self.members[ALL, trait.of(one)].append(one)
            if len(rows) > 1:
                self.members[year_of(one), trait.of(one)].append(one)
        self.hidden = hidden_cells({cell: len(members) for cell, members in self.members.items()})
        self._known: dict[tuple[int, ...], frozenset[Cell]] = {}

    @cached_property
    def sums(self) -> dict[str, dict[Cell, dict[str, tuple[Part, int]]]]:
        return {
            span: {cell: together(members, span) for cell, members in self.members.items()} for span in (NOW, BEFORE)
        }

    def hidden_of(self, measure: Measure, span: str) -> frozenset[Cell]:
        """Fewer have a part in a measure than are in the group: that table is looked at for itself."""
        found = self.sums[span]
        sizes = {
            cell: found[cell][measure.key][1] if measure.key in found[cell] else 0
            for cell, members in self.members.items()
            if members or cell in self.hidden  # that nobody is in a group is known: it hides nothing
        }
        key = tuple(sizes.values())
        if key not in self._known:
            self._known[key] = hidden_cells(sizes, self.hidden)
        return self._known[key]

    def table(self, row: str) -> Table:
        row = row if (row, self.trait.told[0]) in self.members else ALL
        known = any(self.members[ALL, group] for group in self.trait.groups if group != self.trait.unknown)
        told = [g for g in self.trait.told if known and (self.members[row, g] or (row, g) in self.hidden)]
        shown = [group for group in told if (row, group) not in self.hidden]
        lines = [self._line(row, group) for group in shown]
        return Table(self.trait, lines, [self.trait.groups[group] for group in told if group not in shown])

    def _line(self, row: str, group: str) -> Line:
        number = len(self.members[row, group])
        others = sum(len(self.members[row, other]) for other in self.trait.groups) - number
        comparisons = [self._comparison(measure, row, group) for measure in MEASURES]
        return Line(self.trait.groups[group], number, others, comparisons)

    def _comparison(self, measure: Measure, row: str, group: str) -> Comparison:
        if (row, group) in self.hidden_of(measure, NOW):
            return Comparison(measure, hidden=True)
        figure, others = self._pair(measure, row, group, NOW)
        before = None
        if (row, group) not in self.hidden_of(measure, BEFORE):
            before = _minus(*self._pair(measure, row, group, BEFORE), measure)
        return Comparison(measure, figure, others, before)

    def _pair(self, measure: Measure, row: str, group: str, span: str) -> tuple[float | None, float | None]:
        found = {other: self.sums[span][row, other].get(measure.key, ((0, 0), 0))[0] for other in self.trait.groups}
        rest = [part for other, part in found.items() if other != group]
        everyone_else = sum(top for top, _ in rest), sum(bottom for _, bottom in rest)
        return _quotient(found[group], measure), _quotient(everyone_else, measure)


def _quotient(part: Part, measure: Measure) -> float | None:
    return round(measure.scale * part[0] / part[1], measure.places) if part[1] else None
