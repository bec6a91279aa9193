"""Rows on their way into PostgreSQL: gathered per table, sent in sets in the order of the foreign keys."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from exchange.arrays import Columns, execute
from tutoring.attendance.models import Mark

Row = tuple[Any, ...]
# attribute, column, what stands there when a row leaves it out
Column = tuple[str, str, Callable[[], Any]]
_MARKS = r"""
    INSERT INTO attendance_mark (student_id, date, session, code, minutes_late, comment)
    SELECT m[1]::uuid, m[2]::date, m[3], m[4], m[5]::smallint, m[6]
    FROM string_to_table(%s, E'\n') AS line, string_to_array(line, E'\t', E'\\N') AS m"""


class Tables:
    """Holds rows per table until `flush`, which sends them; counts what was sent."""

    def __init__(self, order: Iterable[type[models.Model]], now: dt.datetime) -> None:
        self._order = list(order)
        self._now = now
        self._columns = {model: _columns(model, now) for model in self._order}
        self._rows: dict[type[models.Model], list[Row]] = {model: [] for model in self._order}
        self._lines: list[str] = []
        self.counts: dict[type[models.Model], int] = dict.fromkeys(self._order, 0)

    def add(self, model: type[models.Model], **values: Any) -> None:
        """One row by attribute names; what is left out takes the field's default."""
        columns = self._columns[model]
        row = tuple(values.pop(name) if name in values else default() for name, _, default in columns)
        if values:
            raise TypeError(f"{model.__name__} has no {', '.join(values)}")
        self._rows[model].append(row)

    def add_marks(self, lines: str, count: int) -> None:
        """Ready lines of student, date, session, code, minutes late and comment, for the one table of millions of rows.

        A tab stands between two values, \\N for none, a new line after each mark.
        """
        self._lines.append(lines)
        self.counts[Mark] += count

    def flush(self) -> None:
        """Send everything gathered so far."""
        for model in self._order:
            if rows := self._rows[model]:
                Columns(model, [column for _, column, _ in self._columns[model]]).insert(rows)
                self.counts[model] += len(rows)
                self._rows[model] = []
            if model is Mark and self._lines:
                execute(_MARKS, ["".join(self._lines).removesuffix("\n")])
                self._lines = []


def _columns(model: type[models.Model], now: dt.datetime) -> list[Column]:
    return [
        (field.attname, field.column or "", _default(field, now))
        for field in model._meta.concrete_fields
        if not isinstance(field, models.CompositePrimaryKey | models.AutoField | models.GeneratedField)
    ]


def _default(field: "models.Field[Any, Any]", now: dt.datetime) -> Callable[[], Any]:
    """What stands in a column that a row leaves out; times of writing are those of the invented day."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return lambda: now
    return field.get_default
