"""Rewards and sanctions: what may be given to whom, what one entered, and what is due for a person."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.drafts import token_from
from accounts.models import School, User
from accounts.permissions import Permission
from students.due import Lines
from students.models import Student
from students.selectors import students_matching, students_on_roll
from tutoring.conduct.models import ConductEntry, ConductType
from tutoring.conduct.planners import STANDING
from tutoring.groups.falling import or_their_deputy
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import (
    GROUPS_TUTORED,
    TUTORED_FOR,
    students_of_caseload,
    students_of_group,
    students_taught_by,
    students_visible_to,
    values_of,
)

MOST_FOUND = 40
# Only whoever entered it writes that it was followed up (migration 0002): their deputy is told, and nobody afterwards.
FOLLOW_UPS = f"""
SELECT 'follow_up', e.id, t.name, e.student_id, e.follow_up_on, '', e.author_id, 0
  FROM conduct_conductentry e JOIN conduct_conducttype t ON t.id = e.type_id
 WHERE {or_their_deputy("e.author_id")} AND e.follow_up_on <= %(today)s
   AND e.followed_up_on IS NULL AND e.withdrawn_at IS NULL
"""  # noqa: S608 (our own text; values are parameters)
PLANNERS = f"""
SELECT 'planners', s.id, s.name, NULL::uuid, %(today)s::date, '', {TUTORED_FOR.replace("g.id", "s.id")}, 0
  FROM ({STANDING.replace("{which}", f"g.id IN ({GROUPS_TUTORED})")}) AS s (id, name, day, rhythm, gone)
 WHERE s.gone >= s.rhythm
"""  # noqa: S608 (our own text; values are parameters)


def types_of(school: School) -> QuerySet[ConductType]:
    """The whole list, also what is no longer in use."""
    return ConductType.objects.filter(school=school).select_related("house")


def types_for(school: School, students: Iterable[Student], *, all_of_them: bool = False) -> QuerySet[ConductType]:
    """What is in use and may be given to one of them: the school's, what is shared, and that of their houses.

    `all_of_them`: what may be given to each. What a house has made its own stands for its students as theirs alone.
    """
    houses = {student.house_id for student in students}
    given = set() if all_of_them and len(houses) > 1 else houses
    kinds = types_of(school).filter(Q(house=None) | Q(shared=True) | Q(house__in=given), is_active=True)
    if len(houses) != 1:
        return kinds
    copies = ConductType.objects.filter(copied_from=OuterRef("pk"), house__in=houses, is_active=True)
    return kinds.exclude(Exists(copies))


def those_ticked(students: QuerySet[Student], sent: Iterable[str]) -> list[Student]:
    """The ones whose keys were sent; what is no key is nobody's."""
    keys = {key for text in sent if (key := token_from(text))}
    return list(students.filter(pk__in=keys)) if keys else []


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


def follow_ups_due(user: User, today: dt.date) -> list[Lines]:
    """What of this person's, or of somebody's they stand in for, is to be followed up by today ("follow_up")."""
    return [(FOLLOW_UPS, values_of(user, today))]


def planners_due(user: User, today: dt.date) -> list[Lines]:
    """Groups this person tutors whose planners are to be checked again ("planners"): not every school checks them."""
    return [(PLANNERS, values_of(user, today))]
