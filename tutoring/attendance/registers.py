"""Registers of tutor groups: who is on one, what it says, which are still to be taken, who has no reason yet."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from core.stale import mark_of
from students.due import Lines
from students.models import Contact, Student
from students.selectors import school_days, students_on_roll
from tutoring.attendance.enums import Session
from tutoring.attendance.models import Mark, Register, RegisterEntry
from tutoring.groups.models import GroupMembership, TutorGroup
from tutoring.groups.selectors import (
    GROUPS_TUTORED,
    TUTORED_FOR,
    groups_visible_to,
    students_of_group,
    students_visible_to,
    values_of,
)

# student → (code, minutes late); the code is "" where there is no mark yet.
Said = tuple[str, int | None]
State = dict[UUID, Said]
PRESENT = {Session.AM: "/", Session.PM: "\\"}
NOON = 12
LOOKED_BACK = dt.timedelta(days=14)

# Of each group and session: how many are on the register, how many have a mark, and who took it when.
STANDING = """
SELECT g.id, half.session, count(*), count(k.code),
       count(*) FILTER (WHERE c.stat_class IN ('AUTHORISED', 'UNAUTHORISED') AND k.code <> 'U'),
       count(*) FILTER (WHERE k.code IN ('L', 'U')), r.created_at, u.first_name, u.last_name
  FROM groups_tutorgroup g
  CROSS JOIN (VALUES ('AM'), ('PM')) AS half (session)
  JOIN groups_groupmembership m ON m.group_id = g.id AND m.starts_on <= %(day)s
       AND (m.ends_on IS NULL OR m.ends_on >= %(day)s)
  JOIN students_student s ON s.id = m.student_id AND (s.joined_on IS NULL OR s.joined_on <= %(day)s)
       AND (s.left_on IS NULL OR s.left_on >= %(day)s)
  LEFT JOIN attendance_mark k ON k.student_id = s.id AND k.date = %(day)s AND k.session = half.session
  LEFT JOIN attendance_code c ON c.code = k.code AND c.valid_from <= k.date
       AND (c.valid_to IS NULL OR c.valid_to >= k.date)
  LEFT JOIN attendance_register r ON r.group_id = g.id AND r.day = %(day)s AND r.session = half.session
  LEFT JOIN accounts_user u ON u.id = r.by_id
 WHERE g.id = ANY (%(groups)s)
 GROUP BY g.id, half.session, r.id, u.id
"""
# What was said here and the mark says otherwise: an import has changed it since.
DIFFERENT = """
SELECT r.group_id, r.day, r.session, s.preferred_forename, s.preferred_surname, e.code, k.code
  FROM attendance_register r
  JOIN LATERAL (SELECT DISTINCT ON (e.student_id) e.student_id, e.code, e.minutes_late FROM attendance_registerentry e
                 WHERE e.register_id = r.id ORDER BY e.student_id, e.created_at DESC, e.id DESC) e ON true
  JOIN attendance_mark k ON k.student_id = e.student_id AND k.date = r.day AND k.session = r.session
       AND (k.code, k.minutes_late) IS DISTINCT FROM (e.code, e.minutes_late)
  JOIN students_student s ON s.id = e.student_id
 WHERE r.day BETWEEN %s AND %s
 ORDER BY r.day DESC, r.session, s.sort_name
"""
# Groups of this person's that have no register yet and somebody without a mark.
# Only of groups whose register was taken here lately: other schools take theirs in the MIS, and this would never end.
DUE = f"""
SELECT 'register_' || lower(half), g.id, g.name, NULL::uuid, %(today)s::date, '', {TUTORED_FOR}, 0
  FROM groups_tutorgroup g CROSS JOIN unnest(%(halves)s::text[]) AS half
 WHERE g.id IN ({GROUPS_TUTORED}) AND guard.school_day(g.school_id, %(today)s)
   AND EXISTS (SELECT FROM attendance_register r
                WHERE r.group_id = g.id AND r.day BETWEEN %(today)s::date - 60 AND %(today)s::date - 1)
   AND NOT EXISTS (SELECT FROM attendance_register r WHERE r.group_id = g.id AND r.day = %(today)s AND r.session = half)
   AND EXISTS (SELECT FROM groups_groupmembership m JOIN students_student s ON s.id = m.student_id
                WHERE m.group_id = g.id AND m.starts_on <= %(today)s AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)
                  AND (s.joined_on IS NULL OR s.joined_on <= %(today)s)
                  AND (s.left_on IS NULL OR s.left_on >= %(today)s)
                  AND NOT EXISTS (SELECT FROM attendance_mark k
                                   WHERE k.student_id = s.id AND k.date = %(today)s AND k.session = half))
"""  # noqa: S608 (our own text; values are parameters)


@dataclass(frozen=True)
class Standing:
    """One session of one group: `students` on the register, `marked` of them, and who took it, if here."""

    group: UUID
    session: Session
    students: int
    marked: int
    absent: int
    late: int
    taken_at: dt.datetime | None
    taken_by: str

    @property
    def is_taken(self) -> bool:
        """In Waymark, or everybody has a mark from the school's export."""
        return self.taken_at is not None or self.marked == self.students


@dataclass(frozen=True)
class Difference:
    """One mark that an import has changed since it was said in a register."""

    group: UUID
    day: dt.date
    session: Session
    student: str
    said: str
    mark: str


def groups_to_register(user: User) -> QuerySet[TutorGroup]:
    """The groups whose register this person takes or answers for."""
    return groups_visible_to(user, Permission.TAKE_REGISTER)


def students_to_register(user: User, group: TutorGroup, day: dt.date) -> list[Student]:
    """Those in the group and on roll that day whom this person sees, by name."""
    seen = students_visible_to(user, Permission.TAKE_REGISTER).values("pk")
    return list(students_on_roll(students_of_group(group, day), day).filter(pk__in=seen))


def register_of(group: TutorGroup, day: dt.date, session: Session) -> Register | None:
    """The register, if somebody has taken it here."""
    return Register.objects.filter(group=group, day=day, session=session).select_related("by").first()


def entries_of(register: Register | None) -> dict[UUID, list[RegisterEntry]]:
    """student → all that was said of them in this register, earliest first."""
    found: dict[UUID, list[RegisterEntry]] = {}
    if register:
        for entry in RegisterEntry.objects.filter(register=register).select_related("by"):
            found.setdefault(entry.student_id, []).append(entry)
    return found


def state_of(students: Iterable[Student], day: dt.date, session: Session) -> State:
    """What the marks say of each, ("", None) for whoever has none."""
    keys = [student.pk for student in students]
    marks = Mark.objects.filter(student__in=keys, date=day, session=session)
    found = {mark.student_id: (mark.code, mark.minutes_late) for mark in marks}
    return {key: found.get(key, ("", None)) for key in keys}


def mark_of_state(register: Register | None, state: State) -> str:
    """Changes when anybody takes or corrects the register, an import changes a mark, or a student comes or goes."""
    said = sorted(f"{student} {code} {minutes}" for student, (code, minutes) in state.items())
    return mark_of("\x1f".join([str(register.pk if register else ""), *said]))


def standings(groups: Iterable[UUID], day: dt.date) -> dict[UUID, dict[Session, Standing]]:
    """group id → session → how its register stands, in one query; a group without students is missing."""
    found: dict[UUID, dict[Session, Standing]] = {}
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"day": day, "groups": list(groups)})
        for group, half, students, marked, absent, late, at, first, last in cursor.fetchall():
            who = f"{first or ''} {last or ''}".strip()
            session = Session(half)
            found.setdefault(group, {})[session] = Standing(group, session, students, marked, absent, late, at, who)
    return found


def differences(today: dt.date) -> list[Difference]:
    """Marks of the last two weeks that the school's export has changed since, of all registers one may read."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENT, [today - LOOKED_BACK, today])
        return [
            Difference(group, day, Session(half), f"{forename} {surname}", said, mark)
            for group, day, half, forename, surname, said, mark in cursor.fetchall()
        ]


def school_days_until(school: School, day: dt.date) -> list[dt.date]:
    """School days of ten weeks up to and including that day, earliest first: longer than any holiday."""
    return school_days(school, day - dt.timedelta(weeks=10), day)


def registers_due(user: User, today: dt.date) -> list[Lines]:
    """Registers of today that this person's own groups still need ("register_am", and from noon "register_pm")."""
    halves = [Session.AM] + ([Session.PM] if timezone.localtime().hour >= NOON else [])
    return [(DUE, {**values_of(user, today), "halves": [half.value for half in halves]})]


@dataclass(frozen=True)
class Unexplained:
    """A student without a reason yet on that day, in which sessions, and whom to ring where that may be seen."""

    student: Student
    group: str
    sessions: list[str]
    contacts: list[Contact]
    comes_first: str


def unexplained_on(user: User, day: dt.date) -> list[Unexplained]:
    """Everybody marked N that day. Looked-after students and those with special needs come first for readers who may
    know that of them; for others the order is by name, and tells nothing.
    """
    known = students_visible_to(user, Permission.VIEW_SUPPORT).values("pk")
    absent = Mark.objects.filter(date=day, code="N", student__in=students_visible_to(user, Permission.TAKE_REGISTER))
    marks = list(absent.order_by("session"))
    students: QuerySet[Any] = Student.objects.filter(pk__in={mark.student_id for mark in marks})
    students = students.annotate(known=Coalesce(Q(pk__in=known), Value(False), output_field=BooleanField()))
    contacts = Prefetch("contacts", Contact.objects.order_by("priority", "surname", "pk"), to_attr="to_ring")
    groups = Prefetch("group_memberships", _places(day), to_attr="places")
    halves: dict[UUID, list[str]] = {}
    for mark in marks:
        halves.setdefault(mark.student_id, []).append(Session(mark.session).label)
    found = [_unexplained(student, halves[student.pk]) for student in students.prefetch_related(contacts, groups)]
    return sorted(found, key=lambda line: not line.comes_first)


def _places(day: dt.date) -> QuerySet[GroupMembership]:
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    return GroupMembership.objects.filter(in_force, starts_on__lte=day).select_related("group")


def _unexplained(student: Any, sessions: Sequence[str]) -> Unexplained:
    why = ""
    if student.known:
        why = "Looked after" if student.looked_after else "SEND" if student.sen_status in ("E", "K") else ""
    group = student.places[0].group.name if student.places else ""
    return Unexplained(student, group, list(sessions), student.to_ring, why)
