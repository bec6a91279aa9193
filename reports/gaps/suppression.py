"""Which figures of a table stay unsaid, so that nobody is told about a handful of students, nor can work it out.

A table has a row for all students together ("") and one for each year, and a column for each group. What is known of
it: how many students each row has, and that the years add up to the row of all. A cell is hidden where it counts
fewer than ten, and others with it until nothing hidden follows from what is shown, on this page or on all of them.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

# Figures of fewer than 5 are suppressed, of fewer than 10 where a school is careful; needs tell of health, which is
# special category data (UK GDPR article 9), so the careful number counts for all groups.
LEAST = 10
ALL = ""

Cell = tuple[str, str]
Sizes = Mapping[Cell, int]


def hidden_cells(sizes: Sizes, already: AbstractSet[Cell] = frozenset()) -> frozenset[Cell]:
    """The (row, group) that must not be shown; `sizes` counts the students of every one, also of empty ones,
    but not of those that are known to be empty.

    `already` are hidden for another reason. What is hidden only grows, so this ends.
    """
    hidden = set(already) | {cell for cell, size in sizes.items() if 0 < size < LEAST}
    while hidden and (cell := _one_more(sizes, hidden)):
        hidden.add(cell)
    return frozenset(hidden)


def _one_more(sizes: Sizes, hidden: AbstractSet[Cell]) -> Cell | None:
    for line in _lines(sizes):
        unsaid = [cell for cell in line if cell in hidden]
        if unsaid and (len(unsaid) == 1 or _few(sizes, unsaid)) and (cell := _smallest(sizes, hidden, line)):
            return cell
    if len({row for row, _ in sizes}) == 1:
        return None  # one row adds up to nothing but itself
    for row, group in sorted(_forced(hidden)):
        crossing = [cell for cell in sizes if cell[0] == row or cell[1] == group]
        if cell := _smallest(sizes, hidden, crossing) or _smallest(sizes, hidden, sizes):
            return cell
    return None


def _lines(sizes: Sizes) -> list[list[Cell]]:
    """The rows, and the columns where there is more than one row."""
    rows = list(dict.fromkeys(row for row, _ in sizes))
    groups = list(dict.fromkeys(group for _, group in sizes))
    columns = [[(row, group) for row in rows] for group in groups] if len(rows) > 1 else []
    lines = [[(row, group) for group in groups] for row in rows] + columns
    return [[cell for cell in line if cell in sizes] for line in lines]


def _few(sizes: Sizes, unsaid: list[Cell]) -> bool:
    """Whether their sum follows from what is shown and is small: a column’s does not when its total is hidden."""
    a_row = len({row for row, _ in unsaid}) == 1
    known = a_row or all(row != ALL for row, _ in unsaid)
    return known and sum(sizes[cell] for cell in unsaid) < LEAST


def _smallest(sizes: Sizes, hidden: AbstractSet[Cell], among: Iterable[Cell]) -> Cell | None:
    """The smallest of those still shown; one that counts nobody only where nothing else is left."""
    shown = [cell for cell in among if cell not in hidden]
    return min(shown, key=lambda cell: (sizes[cell] == 0, sizes[cell], cell), default=None)


def _forced(hidden: AbstractSet[Cell]) -> list[Cell]:
    """Hidden cells that the sums give away all the same: the bridges of the graph that joins each row and column
    with a hidden cell in common (a known property of tables whose margins are known).
    """
    return [cell for cell in hidden if not _joined(cell, hidden - {cell})]


def _joined(cell: Cell, others: AbstractSet[Cell]) -> bool:
    """Whether this cell’s row and column are joined by other hidden cells."""
    rows, groups, left = {cell[0]}, set[str](), set(others)
    while touched := {(row, group) for row, group in left if row in rows or group in groups}:
        rows |= {row for row, _ in touched}
        groups |= {group for _, group in touched}
        left -= touched
    return cell[1] in groups
