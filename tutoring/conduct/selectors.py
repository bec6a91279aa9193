"""Rewards and sanctions: what may be given to whom, what one entered, and what is due for a person."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Student
from students.selectors import students_matching, students_on_roll
from tutoring.conduct.models import ConductEntry, ConductType
from tutoring.conduct.planners import STANDING, Standing
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import (
    groups_tutored_by,
    students_of_caseload,
    students_of_group,
    students_taught_by,
    students_visible_to,
)

MOST_FOUND = 40


def types_of(school: School) -> QuerySet[ConductType]:
    """The whole list, also what is no longer in use."""
    return ConductType.objects.filter(school=school).select_related("house")


def types_for(school: School, students: Iterable[Student]) -> QuerySet[ConductType]:
    """What is in use and may be given to one of them: the school's, what is shared, and that of their houses."""
    houses = {student.house_id for student in students}
    return types_of(school).filter(Q(house=None) | Q(shared=True) | Q(house__in=houses), is_active=True)


def fits(kind: ConductType, student: Student) -> bool:
    """Whether this student may be given it; the database asks the same."""
    return kind.house_id is None or kind.shared or kind.house_id == student.house_id


def students_to_choose(user: User, group: TutorGroup | None, text: str) -> list[Student]:
    """Whom this person may enter something for: found by name, of a group, or else their own and those they teach."""
    seen = students_on_roll(students_visible_to(user, Permission.ENTER_CONDUCT)).select_related("house")
    if text:
        return list(students_matching(seen, text)[:MOST_FOUND])
    if group:
        return list(seen.filter(pk__in=students_of_group(group).values("pk")))
    mine = students_of_caseload(user).values("pk"), students_taught_by(user).values("pk")
    return list(seen.filter(Q(pk__in=mine[0]) | Q(pk__in=mine[1])))


def entries_readable() -> QuerySet[ConductEntry]:
    """What whoever acts may read; the database says which (migration 0002)."""
    return ConductEntry.objects.select_related("student", "type", "author")


def entries_by(user: User) -> QuerySet[ConductEntry]:
    """What this person entered, the latest first."""
    return entries_readable().filter(author=user).order_by("-created_at")


def follow_ups_waiting(user: User) -> QuerySet[ConductEntry]:
    """This person's entries that are still to be followed up, by the day they are due."""
    waiting = entries_readable().filter(author=user, follow_up_on__isnull=False, followed_up_on=None, withdrawn_at=None)
    return waiting.order_by("follow_up_on", "pk")


@dataclass(frozen=True)
class Due:
    """Something to be done: `kind` is "planners" (of a group) or "follow-up" (of an entry), `key` whose page it has."""

    kind: str
    key: UUID
    title: str
    days_late: int


def due_for(user: User, today: dt.date) -> list[Due]:
    """For Today: the checks due in groups this person tutors, then follow-ups due by today; one statement."""
    groups, parameters = groups_tutored_by(user).values("pk").query.sql_with_params()
    named = {f"group{place}": value for place, value in enumerate(parameters)}
    mine = groups % tuple(f"%({name})s" for name in named)
    standing = STANDING.replace("{which}", f"g.id IN ({mine})")
    # One shape for both: a group has its last day, rhythm and days gone; an entry the student's name and its day.
    sql = f"""SELECT 'planners', s.* FROM ({standing}) AS s (id, name, day, rhythm, gone)
      UNION ALL
      SELECT 'follow-up', e.id, concat(p.preferred_forename, ' ', p.preferred_surname, ': ', t.name),
             e.follow_up_on, 0, 0
        FROM conduct_conductentry e
        JOIN students_student p ON p.id = e.student_id
        JOIN conduct_conducttype t ON t.id = e.type_id
       WHERE e.author_id = %(me)s AND e.follow_up_on <= %(today)s AND e.followed_up_on IS NULL
         AND e.withdrawn_at IS NULL"""  # noqa: S608 (our own names; values are parameters)
    with connection.cursor() as cursor:
        cursor.execute(sql, named | {"today": today, "me": user.pk})
        found = [_due(today, *row) for row in cursor.fetchall()]
    return sorted((due for due in found if due), key=lambda due: (due.kind != "planners", -due.days_late, due.title))


def _due(today: dt.date, kind: str, key: UUID, title: str, day: dt.date | None, rhythm: int, gone: int) -> Due | None:
    if kind == "follow-up":
        return Due(kind, key, title, (today - day).days if day else 0)
    standing = Standing(key, title, day, rhythm, gone)
    return Due(kind, key, title, standing.days_late) if standing.is_due else None
