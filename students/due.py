"""What is due, as one list: each room says its own in lines of one shape, and a page asks for them in one statement."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection

from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from core.postgresql.base import DatabaseWrapper

# Rows in the columns of NAMED, as PostgreSQL says it, with named values: a name means the same in every room's lines.
# Plain text, as Django takes longer to write so many statements than PostgreSQL to answer them (decision 0010).
Lines = tuple[str, dict[str, Any]]
Due = Callable[[User, dt.date], list[Lines]]
# What rooms above the desk have due, which it may not import: said in their AppConfig, like lines of the side bar.
ANNOUNCED: defaultdict[Permission, list[Due]] = defaultdict(list)

# A step whose day was set anew so often says so on every list.
OFTEN_MOVED = 3
# The kind of a line that says only that there is a notice for this person (core.navigation): a page that asks for its
# lines need not ask for notices where none is.
NOTICE = "notice"

# Names are joined to all lines at once. Of a student whom the reader does not see, nothing is due for them.
NAMED = """
SELECT line.*, student.preferred_forename, student.preferred_surname, staff.first_name, staff.last_name
  FROM ({lines}) AS line (kind, pk, text, student_id, due_on, owner, staff_id, times_moved)
  LEFT JOIN students_student AS student ON student.id = line.student_id
  LEFT JOIN accounts_user AS staff ON staff.id = line.staff_id
 WHERE line.student_id IS NULL OR student.id IS NOT NULL
"""


def announce(permission: Permission, due: Due) -> None:
    """A room's lines, for those who hold the permission."""
    if due not in ANNOUNCED[permission]:
        ANNOUNCED[permission].append(due)


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


def lines_due(parts: Iterable[Lines]) -> list[DueLine]:
    """All of them, the earliest first, in one query."""
    asked, values = [], dict[str, Any]()
    for sql, given in parts:
        asked.append(f"({sql})")
        values |= given
    if not asked:
        return []
    with cast(DatabaseWrapper, connection).prepared_cursor() as cursor:
        cursor.execute(NAMED.replace("{lines}", " UNION ALL ".join(asked)), values)
        found = [_line(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda line: (line.due_on, line.student_name, str(line.pk)))


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
