"""What is due, as one list: each room says its own in lines of one shape, and a page asks for them in one statement."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, QuerySet, SmallIntegerField, Value
from django.db.models.expressions import Combinable

from core.ids import UUID

Lines = QuerySet[Any, tuple[Any, ...]]
NOBODY, NEVER = Value("", CharField()), Value(0, SmallIntegerField())


@dataclass(frozen=True)
class DueLine:
    """One thing about a student that somebody is to do by a day; `kind` says what it is and so which page does it."""

    kind: str
    pk: UUID
    text: str
    student_id: UUID
    student_name: str
    forename: str
    due_on: dt.date
    owner: str = ""
    staff_id: UUID | None = None
    staff_name: str = ""
    times_moved: int = 0


def as_lines(
    rows: QuerySet[Any, Any],
    kind: str,
    *,
    text: str = "text",
    day: str = "due_on",
    owner: str | Combinable = NOBODY,
    staff: str = "owner_staff",
    moved: str | Combinable = NEVER,
) -> Lines:
    """Rows about students as lines of that kind; the words name fields of theirs, `staff` a link to a colleague."""
    return rows.order_by().values_list(
        Value(kind, CharField()), "pk", text, "student_id", "student__preferred_forename", "student__preferred_surname",
        day, owner, f"{staff}_id", f"{staff}__first_name", f"{staff}__last_name", moved,
    )  # fmt: skip


def lines_due(parts: Sequence[Lines]) -> list[DueLine]:
    """All of them, the earliest first, in one query."""
    if not parts:
        return []
    first, *others = parts
    rows = first.union(*others, all=True) if others else first
    return sorted((_line(*row) for row in rows), key=lambda line: (line.due_on, line.student_name, str(line.pk)))


def _line(
    kind: str, pk: UUID, text: str, student: UUID, forename: str, surname: str, day: dt.date,
    owner: str, staff: UUID | None, first: str | None, last: str | None, moved: int,
) -> DueLine:  # fmt: skip
    return DueLine(
        kind=kind,
        pk=pk,
        text=text,
        student_id=student,
        student_name=f"{forename} {surname}",
        forename=forename,
        due_on=day,
        owner=owner,
        staff_id=staff,
        staff_name=f"{first or ''} {last or ''}".strip(),
        times_moved=moved,
    )
