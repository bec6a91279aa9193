"""Rows to PostgreSQL as one array a column, unnested there: a statement for thousands of rows, never a query a row.

COPY is refused by tables with row-level policies, and temporary tables are refused to the web and worker roles. The
names in these statements are those of our own models; values are bound by the server and never stand in their text,
so that no log of slow statements holds what a file says.
"""
# ruff: noqa: S608

import re
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.db import connection, models
from psycopg.types.json import Jsonb

BATCH = 20_000
_TEXT = frozenset({"varchar", "text"})


def execute(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement; its rows where it gives any."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


class Columns:
    """Columns of a model's table by name, as the arrays that a statement unnests."""

    def __init__(self, model: type[models.Model], names: Sequence[str]) -> None:
        fields = {field.column: field for field in model._meta.concrete_fields}
        whole = [re.sub(r"\(.*?\)", "", fields[name].db_type(connection) or "") for name in names]
        # An array of arrays would be unnested to its last element.
        self._lists = [n for n, kind in enumerate(whole) if kind.endswith("[]")]
        self.table, self.names = model._meta.db_table, tuple(names)
        self._types = ["jsonb" if n in self._lists else kind for n, kind in enumerate(whole)]
        self._values = {name: f's."{name}"' for name in names}
        for n in self._lists:
            self._values[names[n]] = f'ARRAY(SELECT jsonb_array_elements_text(s."{names[n]}"))::{whole[n]}'

    @property
    def source(self) -> str:
        """What stands in FROM: a row `s` for each row sent, in their order, with its number from 1 in `s.n`."""
        arrays = ", ".join(f"%b::{kind}[]" for kind in self._types)
        return f"unnest({arrays}) WITH ORDINALITY AS s({quoted(self.names)}, n)"

    def arrays(self, rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
        """The parameters of `source`: an array a column."""
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in self.names]
        for n in self._lists:
            columns[n] = [Jsonb(value) for value in columns[n]]
        # An array holds one Python type; members of an enumeration are text like any other.
        return [
            [None if value is None else str(value) for value in column] if kind in _TEXT else column
            for kind, column in zip(self._types, columns, strict=True)
        ]

    def insert(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add the rows to the table."""
        values = ", ".join(self._values.values())
        for start in range(0, len(rows), BATCH):
            execute(
                f'INSERT INTO "{self.table}" ({quoted(self.names)}) SELECT {values} FROM {self.source} ORDER BY s.n',
                self.arrays(rows[start : start + BATCH]),
            )

    def update(self, rows: Sequence[Sequence[Any]], key: Sequence[str]) -> None:
        """Write the other columns of the rows that have this key."""
        sets = ", ".join(f'"{name}" = {value}' for name, value in self._values.items() if name not in key)
        for start in range(0, len(rows), BATCH):
            execute(
                f'UPDATE "{self.table}" t SET {sets} FROM {self.source} WHERE {same(key)}',
                self.arrays(rows[start : start + BATCH]),
            )


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def same(names: Iterable[str]) -> str:
    """The condition that `t` and `s` agree in these columns."""
    return " AND ".join(f't."{name}" = s."{name}"' for name in names)


def insert_objects(model: type[models.Model], objects: Sequence[models.Model]) -> None:
    """Add new rows."""
    columns, fields = _written(model)
    columns.insert([_row_of(o, fields, add=True) for o in objects])


def update_objects(model: type[models.Model], objects: Sequence[models.Model]) -> None:
    """Write all fields of rows that exist."""
    columns, fields = _written(model)
    columns.update([_row_of(o, fields, add=False) for o in objects], key=["id"])


def _written(model: type[models.Model]) -> tuple[Columns, list[Any]]:
    """All but what the database works out by itself."""
    fields = [f for f in model._meta.concrete_fields if not f.generated]
    return Columns(model, [str(f.column) for f in fields]), fields


def _row_of(obj: models.Model, fields: Sequence[Any], add: bool) -> list[Any]:
    return [f.get_db_prep_save(f.pre_save(obj, add), connection) for f in fields]
