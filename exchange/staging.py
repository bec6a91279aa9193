"""The rows of large tables on their way in: small in memory, compared and written a few hundred students at a time."""
# ruff: noqa: S608

import pickle
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Any
from uuid import UUID

from django.db import models

from core.ids import uuid7
from exchange.arrays import Columns, execute, quoted, same

STUDENTS_A_SHELF = 200
_PACK = 250
_BETWEEN = "t.student_id BETWEEN %s AND %s"
Row = Sequence[Any]


class Shelf:
    """Rows of a few students. What is not needed now is packed: ten bytes a mark in place of three hundred."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.size = 0
        self._loose: list[Row] = []
        self._packed: list[bytes] = []
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        self.size += 1
        self._loose.append(row)
        if len(self._loose) >= _PACK:
            self._packed.append(zlib.compress(pickle.dumps(self._loose, pickle.HIGHEST_PROTOCOL), 1))
            self._loose = []

    def rows(self) -> list[Row]:
        """All of them, as they came."""
        # Packed above by ourselves, in this process.
        return [row for pack in self._packed for row in pickle.loads(zlib.decompress(pack))] + self._loose  # noqa: S301


@dataclass
class Comparison:
    """Counts by file of what writing would make, change and leave, and of rows whose key came before.

    `contradictions`: (file, line, file and line that stand) of the first rows that say something else than before.
    """

    made: Counter[int] = field(default_factory=Counter)
    changed: Counter[int] = field(default_factory=Counter)
    left: Counter[int] = field(default_factory=Counter)
    repeated: Counter[int] = field(default_factory=Counter)
    contradicting: Counter[int] = field(default_factory=Counter)
    contradictions: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass
class Stage:
    """Rows of all files for one large table: (file, line, *key, *values), where the key begins with the student.

    `key` tells rows apart, `values` may change; `given` says which values a file has: a missing column blanks nothing.
    """

    model: type[models.Model]
    key: tuple[str, ...]
    values: tuple[str, ...]
    defaults: dict[str, str] = field(default_factory=dict)
    with_id: bool = True
    given: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._table = self.model._meta.db_table
        self._columns = Columns(self.model, [*self.key, *self.values])
        self._whole = Columns(self.model, ["id", *self._columns.names]) if self.with_id else self._columns
        self._places: dict[UUID, int] = {}
        self._read: list[Shelf] = []
        self._new: list[Shelf] = []
        self._changed: list[Shelf] = []
        self._first_changes: list[Row] = []

    def shelve(self, students: Iterable[UUID]) -> None:
        """Say once whose rows may come. Shelves are in order of the key: each holds students who follow each other."""
        if self._places:
            return
        self._places = {pk: n // STUDENTS_A_SHELF for n, pk in enumerate(sorted(students))}
        self._read = [Shelf() for _ in set(self._places.values())]

    def add(self, row: Row) -> None:
        self._read[self._places[row[2]]].add(row)

    def compare(self, repeats: int, examples: int) -> Comparison:
        """What writing would do. Of rows with the same key the first stands; rows of one student share a shelf."""
        found = Comparison()
        shelves, self._read = self._read, []
        while shelves:
            shelf = shelves.pop(0)
            rows = self._first_of_each(shelf.rows(), found)
            found.contradictions = nsmallest(repeats, found.contradictions)
            new, changed = self._against_table(rows)
            found.made.update(row[0] for row in new)
            found.changed.update(row[0] for row in changed)
            found.left.update(row[0] for row in rows)
            self._first_changes = nsmallest(examples, [*self._first_changes, *changed], key=lambda row: tuple(row[:2]))
            self._new.append(shelf if len(new) == shelf.size else Shelf(new))
            self._changed.append(Shelf(changed))
        found.left -= found.made + found.changed
        return found

    def _first_of_each(self, rows: list[Row], found: Comparison) -> list[Row]:
        end = 2 + len(self.key)
        firsts: dict[Any, Row] = {}
        for row in rows:
            first = firsts.setdefault(row[2:end], row)
            if first is not row:
                if all(a is None or b is None or a == b for a, b in zip(first[end:], row[end:], strict=True)):
                    found.repeated[row[0]] += 1
                else:
                    found.contradicting[row[0]] += 1
                    found.contradictions.append((*row[:2], *first[:2]))
        return list(firsts.values())

    def _against_table(self, rows: list[Row]) -> tuple[list[Row], list[Row]]:
        """Those the table does not have, and those that say something else than it."""
        students = {row[2] for row in rows}
        # The bounds keep a large table from being read whole for each shelf, also while it has no statistics yet.
        bounds = [min(students), max(students)] if students else []
        if not bounds or not execute(f'SELECT 1 FROM "{self._table}" t WHERE {_BETWEEN} LIMIT 1', bounds):
            return rows, []
        new: list[Row] = []
        changed: list[Row] = []
        for columns, part in self._by_given(rows):
            ((unknown, other),) = execute(
                f"""SELECT array_agg(s.n) FILTER (WHERE t.student_id IS NULL),
                           array_agg(s.n) FILTER (WHERE t.student_id IS NOT NULL AND {_differs(columns)})
                    FROM {self._columns.source} LEFT JOIN "{self._table}" t ON {same(self.key)} AND {_BETWEEN}""",
                [*self._arrays(part), *bounds],
            )
            new += [part[n - 1] for n in sorted(unknown or ())]
            changed += [part[n - 1] for n in sorted(other or ())]
        return new, changed

    def differences(self) -> Iterator[tuple[int, Any, str, str, str]]:
        """(file, student id, column, before, after) of the first rows that would change, in the files' order."""
        for columns, part in self._by_given(self._first_changes):
            pairs = ", ".join(f"t.{c}::text, s.{c}::text" for c in columns)
            before_and_after = execute(
                f"""SELECT s.n, {pairs} FROM {self._columns.source}
                    JOIN "{self._table}" t ON {same(self.key)} ORDER BY s.n""",
                self._arrays(part),
            )
            for n, *texts in before_and_after:
                for column, before, after in zip(columns, texts[::2], texts[1::2], strict=True):
                    if before != after:
                        yield part[n - 1][0], part[n - 1][2], column, before or "", after or ""

    def write(self) -> None:
        """Change what differs and add what is new, in order of the key, so that two imports never wait in a circle.

        Raises IntegrityError where somebody else has added one of the rows since they were compared.
        """
        for new, changed in zip(self._new, self._changed, strict=True):
            for columns, part in self._by_given(changed.rows()):
                sets = ", ".join(f"{c} = s.{c}" for c in columns)
                execute(
                    f'UPDATE "{self._table}" t SET {sets} FROM {self._columns.source} WHERE {same(self.key)}',
                    self._arrays(part),
                )
            if rows := new.rows():
                self._insert(rows)

    def _insert(self, rows: list[Row]) -> None:
        whole, defaults = self._whole, self.defaults
        values = ", ".join(f"coalesce(s.{c}, {defaults[c]})" if c in defaults else f"s.{c}" for c in whole.names)
        execute(
            f'INSERT INTO "{self._table}" ({quoted(whole.names)}) SELECT {values} FROM {whole.source}'
            f" ORDER BY {quoted(self.key)}",
            whole.arrays((uuid7(), *row[2:]) if self.with_id else row[2:] for row in rows),
        )

    def _arrays(self, rows: list[Row]) -> list[list[Any]]:
        return self._columns.arrays(row[2:] for row in rows)

    def _by_given(self, rows: Iterable[Row]) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
        """The rows of files that have the same columns."""
        parts = defaultdict[tuple[str, ...], list[Row]](list)
        for row in rows:
            parts[self.given[row[0]]].append(row)
        yield from parts.items()


def _differs(columns: Sequence[str]) -> str:
    return " OR ".join(f"t.{c} IS DISTINCT FROM s.{c}" for c in columns).join("()") if columns else "false"
