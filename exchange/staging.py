"""Set-based writing: COPY into a temporary table, compare, insert, update; never a query a row. PostgreSQL 15 or later.

The names in these statements are those of our own models, never text from a file.
"""
# ruff: noqa: S608

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

BATCH = 20_000


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY the rows into a table, through Django's own connection and so inside its transaction."""
    names = ", ".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor, cursor.cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def insert_objects(model: type[models.Model], objects: Sequence[models.Model]) -> None:
    """COPY new rows straight into the model's table."""
    if objects:
        fields = _written_fields(model)
        copy_rows(
            model._meta.db_table, [str(f.column) for f in fields], (_row_of(o, fields, add=True) for o in objects)
        )


def update_objects(model: type[models.Model], objects: Sequence[models.Model]) -> None:
    """Write all fields of rows that exist, in one statement."""
    if not objects:
        return
    table, fields = model._meta.db_table, _written_fields(model)
    staged = f"import_{table}"
    execute(f'DROP TABLE IF EXISTS pg_temp."{staged}"')
    execute(f'CREATE TEMPORARY TABLE "{staged}" AS SELECT * FROM "{table}" WITH NO DATA')
    copy_rows(staged, [str(f.column) for f in fields], (_row_of(o, fields, add=False) for o in objects))
    sets = ", ".join(f'"{f.column}" = s."{f.column}"' for f in fields if not f.primary_key)
    execute(f'UPDATE "{table}" t SET {sets} FROM "{staged}" s WHERE t.id = s.id')
    execute(f'DROP TABLE "{staged}"')


def execute(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement; its rows where it gives any."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


def _written_fields(model: type[models.Model]) -> list[Any]:
    """All but what the database works out by itself."""
    return [f for f in model._meta.concrete_fields if not f.generated]


def _row_of(obj: models.Model, fields: Sequence[Any], add: bool) -> list[Any]:
    return [f.get_db_prep_save(f.pre_save(obj, add), connection) for f in fields]


@dataclass
class Stage:
    """Rows of all files for one large table, waiting in a temporary table of the same column types.

    `key` tells rows apart, `values` may change; `given` says which values a file has: a missing column blanks nothing.
    """

    model: type[models.Model]
    key: tuple[str, ...]
    values: tuple[str, ...]
    defaults: dict[str, str] = field(default_factory=dict)
    with_id: bool = True
    given: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _waiting: list[Sequence[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.table = self.model._meta.db_table
        self.name = f"import_{self.table}"
        self.columns = ("file", "line", *(["id"] if self.with_id else []), *self.key, *self.values)

    def open(self) -> None:
        """Make the temporary table; it must be closed again, as connections are pooled."""
        self.close()
        columns = ", ".join(self.columns[2:])
        execute(
            f'CREATE TEMPORARY TABLE "{self.name}" AS'
            f' SELECT 0 AS file, 0 AS line, {columns} FROM "{self.table}" WITH NO DATA'
        )

    def close(self) -> None:
        execute(f'DROP TABLE IF EXISTS pg_temp."{self.name}"')

    def add(self, row: Sequence[Any]) -> None:
        """One row in the order of `columns`."""
        self._waiting.append(row)
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        if self._waiting:
            copy_rows(self.name, self.columns, self._waiting)
            self._waiting.clear()

    def settle_duplicates(self, limit: int) -> tuple[dict[int, tuple[int, int]], list[tuple[int, int, int, int]]]:
        """Keep the first of rows with the same key.

        Gives {file: (repeated, contradicting)} and the first contradictions as (file, line, file and line that stand).
        """
        self.flush()
        execute(f'ANALYZE "{self.name}"')
        key = ", ".join(self.key)
        if not execute(f'SELECT 1 FROM "{self.name}" GROUP BY {key} HAVING count(*) > 1 LIMIT 1'):
            return {}, []
        same = " AND ".join(f"(a.{v} IS NULL OR b.{v} IS NULL OR a.{v} = b.{v})" for v in self.values)
        execute(f"""
            CREATE TEMPORARY TABLE import_twice AS
            WITH n AS (
              SELECT ctid AS place, *, row_number() OVER (PARTITION BY {key} ORDER BY file, line) AS nth
              FROM "{self.name}")
            SELECT a.place, a.file, a.line, b.file AS first_file, b.line AS first_line, {same} AS same
            FROM n a JOIN n b USING ({key}) WHERE a.nth > 1 AND b.nth = 1""")
        counts = execute(
            "SELECT file, count(*) FILTER (WHERE same), count(*) FILTER (WHERE NOT same) FROM import_twice GROUP BY 1"
        )
        first = execute(
            "SELECT file, line, first_file, first_line FROM import_twice WHERE NOT same ORDER BY 1, 2 LIMIT %s", [limit]
        )
        execute(f'DELETE FROM "{self.name}" s USING import_twice t WHERE s.ctid = t.place')
        execute("DROP TABLE import_twice")
        return {file: (repeated, other) for file, repeated, other in counts}, first

    def counts(self) -> dict[int, tuple[int, int, int]]:
        """{file: (made, changed, left)} as writing would do it."""
        found: dict[int, tuple[int, int, int]] = {}
        for files, columns in self._by_columns():
            rows = execute(
                f"""SELECT s.file, count(*) FILTER (WHERE t.student_id IS NULL),
                           count(*) FILTER (WHERE t.student_id IS NOT NULL AND {self._differs(columns)}), count(*)
                    FROM "{self.name}" s LEFT JOIN "{self.table}" t ON {self._join()}
                    WHERE s.file = ANY(%s) GROUP BY 1""",
                [files],
            )
            found |= {file: (made, changed, whole - made - changed) for file, made, changed, whole in rows}
        return found

    def differences(self, limit: int) -> Iterator[tuple[int, int, Any, str, str, str]]:
        """(file, line, student id, column, before, after) of the first rows that would change."""
        for files, columns in self._by_columns():
            for column in columns:
                yield from execute(
                    f"""SELECT s.file, s.line, s.student_id, '{column}', t.{column}::text, s.{column}::text
                        FROM "{self.name}" s JOIN "{self.table}" t ON {self._join()}
                        WHERE s.file = ANY(%s) AND t.{column} IS DISTINCT FROM s.{column} ORDER BY 1, 2 LIMIT %s""",
                    [files, limit],
                )

    def write(self) -> None:
        """Change what differs and add what is new, in order of the key, so that two imports never wait in a circle."""
        for files, columns in self._by_columns():
            if columns:
                sets = ", ".join(f"{c} = s.{c}" for c in columns)
                execute(
                    f"""UPDATE "{self.table}" t SET {sets} FROM "{self.name}" s
                        WHERE {self._join()} AND s.file = ANY(%s) AND {self._differs(columns)}""",
                    [files],
                )
        key = ", ".join(self.key)
        names = ", ".join(self.columns[2:])
        values = ", ".join(
            f"coalesce(s.{c}, {self.defaults[c]})" if c in self.defaults else f"s.{c}" for c in self.columns[2:]
        )
        execute(
            f"""INSERT INTO "{self.table}" ({names}) SELECT {values} FROM "{self.name}" s
                WHERE NOT EXISTS (SELECT FROM "{self.table}" t WHERE {self._join()}) ORDER BY {key}"""
        )

    def _by_columns(self) -> Iterator[tuple[list[int], tuple[str, ...]]]:
        for columns in dict.fromkeys(self.given.values()):
            yield [file for file, given in self.given.items() if given == columns], columns

    def _join(self) -> str:
        return " AND ".join(f"t.{k} = s.{k}" for k in self.key)

    def _differs(self, columns: Sequence[str]) -> str:
        if not columns:
            return "false"
        return " OR ".join(f"t.{c} IS DISTINCT FROM s.{c}" for c in columns).join("()")
