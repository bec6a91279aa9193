"""Columns, said once: the same ones make the table on screen, the CSV, the XLSX and the PDF."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from core.exports import Sheet, Value

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """`value` is what a file holds and lists are sorted by; `show` its words where the plain value will not do."""

    key: str
    label: str
    value: Callable[[Row], Value]
    show: Callable[[Row], str] | None = None
    number: bool = False
    on_screen: bool = True
    in_file: bool = True

    def text(self, row: Row) -> str:
        """As a person reads it."""
        return self.show(row) if self.show else shown(self.value(row))


@dataclass(frozen=True)
class Heading:
    """A heading on screen: the address part that sorts by it, and how it is sorted now ("" where it is not)."""

    label: str
    sort: str
    direction: str
    number: bool


def shown(value: Value) -> str:
    """A value in words: dates as 9 Oct 2026, nothing as nothing."""
    if value is None:
        return ""
    return f"{value.day} {value:%b %Y}" if isinstance(value, dt.date) else str(value)


def sheet_of(title: str, columns: Sequence[Column[Row]], rows: Iterable[Row]) -> Sheet:
    """The table as a file holds it."""
    kept = [c for c in columns if c.in_file]
    return Sheet(title, [c.label for c in kept], [[c.value(row) for c in kept] for row in rows])


def sorted_rows(columns: Sequence[Column[Row]], rows: list[Row], sort: str) -> list[Row]:
    """By the column named in `sort` ("-" before it turns the order round); what is empty comes last either way."""
    column = next((c for c in columns if c.key == sort.removeprefix("-")), None)
    if column is None:
        return rows
    empty = [row for row in rows if column.value(row) in (None, "")]
    filled = [row for row in rows if column.value(row) not in (None, "")]
    return sorted(filled, key=lambda row: _sortable(column.value(row)), reverse=sort.startswith("-")) + empty


def _sortable(value: Value) -> Any:
    return value.casefold() if isinstance(value, str) else value


def headings(columns: Sequence[Column[Any]], sort: str) -> list[Heading]:
    """The headings of the columns on screen; pressing the one in force turns its order round."""
    found = []
    for column in columns:
        up, down = sort == column.key, sort == f"-{column.key}"
        direction = "ascending" if up else "descending" if down else ""
        found.append(Heading(column.label, f"-{column.key}" if up else column.key, direction, column.number))
    return found
