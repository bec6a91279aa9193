"""What is due, as one list: each room says its own in lines of one shape, and a page asks for them in one statement."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, QuerySet, SmallIntegerField, UUIDField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from core.ids import UUID

# A statement of PostgreSQL with its values, or rows of Django (`as_lines`).
Sql = tuple[str, tuple[Any, ...]]
Lines = QuerySet[Any, tuple[Any, ...]] | Sql
NOTHING, NEVER = Value("", CharField()), Value(0, SmallIntegerField())
NOBODY = Cast(Value(None), UUIDField())

# Names are joined to all lines at once. Of a student whom the reader does not see, nothing is due for them.
NAMED = """
SELECT line.*, student.preferred_forename, student.preferred_surname, staff.first_name, staff.last_name
  FROM ({lines}) AS line (kind, pk, text, student_id, due_on, owner, staff_id, times_moved)
  LEFT JOIN students_student AS student ON student.id = line.student_id
  LEFT JOIN accounts_user AS staff ON staff.id = line.staff_id
 WHERE line.student_id IS NULL OR student.id IS NOT NULL
"""


@dataclass(frozen=True)
class DueLine:
    """One thing that somebody is to do by a day, about a student or a group; `kind` says which page does it."""

    kind: str
    pk: UUID
    text: str
    student_id: UUID | None
    due_on: dt.date
    owner: str = ""
    staff_id: UUID | None = None
    times_moved: int = 0
    student_name: str = ""
    forename: str = ""
    staff_name: str = ""


def as_lines(
    rows: QuerySet[Any, Any],
    kind: str,
    *,
    text: str | Combinable = "text",
    day: str | Combinable = "due_on",
    student: str | Combinable = "student_id",
    owner: str | Combinable = NOTHING,
    staff: str | Combinable = "owner_staff_id",
    moved: str | Combinable = NEVER,
) -> Lines:
    """Rows as lines of that kind; the words name fields of theirs."""
    return rows.order_by().values_list(Value(kind, CharField()), "pk", text, student, day, owner, staff, moved)


def lines_due(parts: Sequence[Lines]) -> list[DueLine]:
    """All of them, the earliest first, in one query."""
    asked = [sql for part in parts if (sql := _asked(part))]
    if not asked:
        return []
    lines = " UNION ALL ".join(f"({sql})" for sql, _ in asked)
    with connection.cursor() as cursor:
        cursor.execute(NAMED.replace("{lines}", lines), [value for _, given in asked for value in given])
        found = [_line(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda line: (line.due_on, line.student_name, str(line.pk)))


def _asked(part: Lines) -> Sql | None:
    """As SQL with its values; nothing where Django sees by itself that no row can be meant, as of no students."""
    if isinstance(part, tuple):
        return part
    try:
        return part.query.sql_with_params()
    except EmptyResultSet:
        return None


def _line(
    kind: str, pk: UUID, text: str, student: UUID | None, day: dt.date, owner: str, staff: UUID | None, moved: int,
    forename: str | None, surname: str | None, first: str | None, last: str | None,
) -> DueLine:  # fmt: skip
    return DueLine(
        kind, pk, text, student, day, owner, staff, moved,
        student_name=f"{forename or ''} {surname or ''}".strip(),
        forename=forename or "",
        staff_name=f"{first or ''} {last or ''}".strip(),
    )  # fmt: skip
