"""Rows on their way into PostgreSQL: gathered per table, sent with COPY in the order of the foreign keys."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, models

Row = tuple[Any, ...]
# attribute, column, what stands there when a row leaves it out
Column = tuple[str, str, Callable[[], Any]]


class Tables:
    """Holds rows per table until `flush`, which sends them; counts what was sent."""

    def __init__(self, order: Iterable[type[models.Model]], now: dt.datetime) -> None:
        self._order = list(order)
        self._now = now
        self._columns = {model: _columns(model, now) for model in self._order}
        self._rows: dict[type[models.Model], list[Row]] = {model: [] for model in self._order}
        self._lines: dict[type[models.Model], list[str]] = {}
        self._line_columns: dict[type[models.Model], str] = {}
        self.counts: dict[type[models.Model], int] = dict.fromkeys(self._order, 0)

    def add(self, model: type[models.Model], **values: Any) -> None:
        """One row by attribute names; what is left out takes the field's default."""
        columns = self._columns[model]
        row = tuple(values.pop(name) if name in values else default() for name, _, default in columns)
        if values:
            raise TypeError(f"{model.__name__} has no {', '.join(values)}")
        self._rows[model].append(row)

    def add_lines(self, model: type[models.Model], columns: str, text: str, count: int) -> None:
        """Ready lines in COPY's text format, for the one table that has millions of rows."""
        self._line_columns[model] = columns
        self._lines.setdefault(model, []).append(text)
        self.counts[model] += count

    def flush(self) -> None:
        """Send everything gathered so far."""
        with connection.cursor() as cursor:
            for model in self._order:
                if rows := self._rows[model]:
                    columns = ", ".join(f'"{column}"' for _, column, _ in self._columns[model])
                    with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
                        for row in rows:
                            copy.write_row(row)
                    self.counts[model] += len(rows)
                    self._rows[model] = []
                if lines := self._lines.pop(model, None):
                    columns = self._line_columns[model]
                    with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
                        for text in lines:
                            copy.write(text)


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
