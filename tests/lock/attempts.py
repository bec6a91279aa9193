"""What the database lets an actor do, asked without any filter: rows read, changed, removed, added, moved.

All attempts of one actor travel in one statement; each is undone by itself, so that the world stays as it is.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

Model = type[models.Model]
REFUSED, DONE = "refused", "done"

# Every attempt in a block of its own; the answers outlive the undoing because variables do.
RUN = """
DO $attempts$
DECLARE job jsonb; answer text; answers jsonb := '[]';
BEGIN
  FOR job IN SELECT * FROM jsonb_array_elements(current_setting('waymark_tests.jobs')::jsonb) LOOP
    answer := '';
    BEGIN
      EXECUTE job->>'sql' INTO answer USING job;
      RAISE EXCEPTION 'undone' USING ERRCODE = 'UNDO0';
    EXCEPTION
      WHEN SQLSTATE 'UNDO0' THEN NULL;
      WHEN insufficient_privilege THEN answer := 'refused';
      -- Policies are asked before constraints: what stumbles over one of those has passed them.
      WHEN integrity_constraint_violation THEN answer := 'done';
    END;
    answers := answers || to_jsonb(answer);
  END LOOP;
  PERFORM set_config('waymark_tests.answers', answers::text, true);
END $attempts$
"""


@dataclass
class Attempts:
    """Statements to try, and what came of them in the same order."""

    jobs: list[dict[str, Any]] = field(default_factory=list)

    def remove_all(self, model: Model) -> None:
        """Answered by the keys of the rows that went."""
        self._add(f"WITH t AS (DELETE FROM {_table(model)} RETURNING {key_of(model)} AS k) {_KEYS}")

    def touch_all(self, model: Model) -> None:
        """Set a column to what it is; answered by the keys of the rows that let themselves be changed."""
        column = f'"{_columns(model)[-1]}"'
        changed = f"UPDATE {_table(model)} SET {column} = {column} RETURNING {key_of(model)} AS k"
        self._add(f"WITH t AS ({changed}) {_KEYS}")

    def add(self, row: Any) -> None:
        """Insert an unsaved row; answered by DONE or REFUSED."""
        table, columns = _table(type(row)), ", ".join(f'"{column}"' for column in _columns(type(row)))
        source = f"SELECT {columns} FROM jsonb_populate_record(NULL::{table}, $1->'row')"
        values = {f.column: _plain(f, getattr(row, f.attname)) for f in _fields(type(row))}
        self._add(f"WITH t AS (INSERT INTO {table} ({columns}) {source}) SELECT '{DONE}'", row=values)

    def move(self, row: Any, **values: Any) -> None:
        """Change columns of one row; answered by the number of rows changed, or REFUSED."""
        table, names = _table(type(row)), ", ".join(f'"{name}"' for name in values)
        source = f"SELECT {names} FROM jsonb_populate_record(NULL::{table}, $1->'row')"
        where = f"{key_of(type(row))} = $1->>'key'"
        self._add(
            f"WITH t AS (UPDATE {table} SET ({names}) = ({source}) WHERE {where} RETURNING 1) SELECT count(*) FROM t",
            row=values,
            key=key(row),
        )

    def _add(self, sql: str, **values: Any) -> None:
        self.jobs.append({"sql": sql, **values})

    def outcomes(self) -> list[str]:
        """As whoever acts now: the answer to each attempt."""
        with connection.cursor() as cursor:
            jobs = json.dumps(self.jobs, cls=DjangoJSONEncoder)
            cursor.execute("SELECT set_config('waymark_tests.jobs', %s, true)", [jobs])
            cursor.execute(RUN)
            cursor.execute("SELECT current_setting('waymark_tests.answers')")
            answers: list[str] = json.loads(cursor.fetchone()[0])
        return answers


_KEYS = "SELECT coalesce(string_agg(k, ',' ORDER BY k), '') FROM t"


def seen_rows(wanted: Iterable[Model]) -> dict[Model, set[str]]:
    """Model → the keys of all rows that whoever acts now can read, in one statement and without any condition."""
    tables = list(wanted)
    parts = [f"SELECT {place}, {key_of(model)} FROM {_table(model)}" for place, model in enumerate(tables)]
    found: dict[Model, set[str]] = {model: set() for model in tables}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        for place, k in cursor.fetchall():
            found[tables[place]].add(k)
    return found


def keys(text: str) -> set[str]:
    """The keys in an answer."""
    return set(text.split(",")) - {""}


def key(row: Any) -> str:
    """A row's primary key as text; the parts of a composite one joined."""
    return "/".join(str(getattr(row, f.attname)) for f in row._meta.pk_fields)


def key_of(model: Model) -> str:
    """The same in SQL."""
    return f"concat_ws('/', {', '.join(f.column for f in model._meta.pk_fields)})"


def _table(model: Model) -> str:
    return f'"{model._meta.db_table}"'


def _fields(model: Model) -> list[Any]:
    return [f for f in model._meta.concrete_fields if not f.generated]


def _columns(model: Model) -> list[str]:
    return [f.column for f in _fields(model)]


def _plain(field: Any, value: Any) -> Any:
    """Bytes as PostgreSQL reads them from text."""
    return f"\\x{bytes(value).hex()}" if isinstance(value, bytes | memoryview) else value
