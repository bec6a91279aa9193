"""Handovers one writes, is given and reads; what goes on with a student; what is due."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from accounts.enums import HOUSE_ROLES, YEAR_ROLES, Role
from accounts.models import Membership, School, User
from accounts.permissions import Permission
from core.ids import UUID
from students.calendar import academic_year_of
from students.due import Lines
from students.models import Student
from students.selectors import students_on_roll
from tutoring.groups.models import GroupMembership, TutorAssignment
from tutoring.groups.selectors import (
    GROUPS_TUTORED,
    memberships_acted_by,
    students_of_caseload,
    students_visible_to,
    students_with_group,
    values_of,
)
from tutoring.handover.models import Handover
from tutoring.plans.models import PlanStep
from tutoring.plans.selectors import steps_going_on, steps_open
from tutoring.sessions.models import NextStep
from tutoring.sessions.selectors import open_steps_readable

# From May on one writes for the year that begins in September.
AHEAD = dt.timedelta(days=123)
# One is told of a handover so long before it is due: the day on which the old tutor's sight ends, or, where that is in
# the holidays, the last day of term, for it is written with the student.
NOTICE = dt.timedelta(days=28)
# So long after a change of tutor the heads are told that nobody wrote a page; then it is too late to be of help.
ASKED_AFTER = dt.timedelta(days=42)


def year_for(day: dt.date) -> int:
    """The academic year a handover written that day is for: this one, from the first of May the next."""
    return academic_year_of(day + AHEAD)


def handovers_readable() -> QuerySet[Handover]:
    """What whoever acts may read; the database says which (migration 0002)."""
    return Handover.objects.select_related("student", "from_tutor", "to", "acknowledged_by")


def handovers_changeable(user: User) -> QuerySet[Handover]:
    """Of students for whom this person writes handovers."""
    return handovers_readable().filter(student__in=students_visible_to(user, Permission.WRITE_HANDOVER))


def handovers_of_student(student: Student) -> list[Handover]:
    """All of one student's, the latest first, in one query."""
    return list(handovers_readable().filter(student=student))


def _on(day: dt.date, prefix: str = "") -> Q:
    """A link with dates is in force that day."""
    ends = Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gte": day})
    return ends & Q(**{f"{prefix}starts_on__lte": day})


def _given_to(user: User, today: dt.date) -> Q:
    """Named, standing in for whoever is named, or tutor of the student today where nobody is named."""
    acts_as = memberships_acted_by(user)
    tied = TutorAssignment.objects.filter(_on(today), membership__in=acts_as).values("group")
    members = GroupMembership.objects.filter(_on(today), group__in=tied).values("student")
    stood_for = Membership.objects.filter(pk__in=acts_as).values("user")
    return ~Q(from_tutor=user) & (Q(to=user) | Q(to__in=stood_for) | Q(to=None, student__in=members))


def handovers_given_to(user: User, today: dt.date) -> QuerySet[Handover]:
    """Handed over to this person: those that wait first, then the latest."""
    mine = handovers_readable().filter(_given_to(user, today), handed_on__isnull=False)
    return mine.order_by(F("acknowledged_on").desc(nulls_first=True), "-handed_on", "student__sort_name", "pk")


def may_acknowledge(user: User, handover: Handover, today: dt.date) -> bool:
    """Whether this person is the next tutor of a handover that waits, or stands in for them."""
    return handover.waits and Handover.objects.filter(_given_to(user, today), pk=handover.pk).exists()


@dataclass(frozen=True)
class Line:
    """One of my students, and the handover for the year one writes for now, if there is one."""

    student: Student
    handover: Handover | None


def _by_one_of_us(user: User, today: dt.date) -> Q:
    """By this person, by whoever tutors a group with them, or by whoever stands in for one of those; `_WRITTEN` says
    the same.
    """
    acts_as = memberships_acted_by(user)
    groups = TutorAssignment.objects.filter(_on(today), membership__in=acts_as).values("group")
    tied = TutorAssignment.objects.filter(_on(today), group__in=groups).values("membership")
    ours = Membership.objects.filter(Q(pk__in=acts_as) | Q(pk__in=tied) | Q(stands_in_for__in=tied))
    return Q(from_tutor=user) | Q(from_tutor__in=ours.values("user"))


def handover_given(user: User, student: Student, today: dt.date) -> Handover | None:
    """The page of the year one writes for now that is handed over, by this person or for them."""
    given = handovers_readable().filter(_by_one_of_us(user, today), student=student, year=year_for(today))
    return given.exclude(handed_on=None).first()


def lines_to_write(user: User, today: dt.date) -> list[Line]:
    """My students by group, each with the handover of the year that goes on from here: two queries, however many."""
    mine = students_with_group(students_on_roll(students_of_caseload(user)))
    students = list(mine.order_by("group_year", "group_name", "sort_name", "pk"))  # type: ignore[misc]
    found: dict[UUID, Handover] = {}
    of_the_year = handovers_readable().filter(student__in=students, year=year_for(today))
    for handover in of_the_year.filter(_by_one_of_us(user, today) | Q(handed_on=None)).order_by("created_at"):
        found[handover.student_id] = handover
    return [Line(student, found.get(student.pk)) for student in students]


def steps_of_sessions(user: User, student: Student) -> list[NextStep]:
    """What was agreed in 1:1s and goes on, as this reader may see it; what goes on in a plan stands there."""
    steps = open_steps_readable(user).filter(student=student).exclude(pk__in=steps_going_on())
    return list(steps.order_by("due_on"))


def steps_of_plans(student: Student) -> list[PlanStep]:
    """Open steps of the student's plans that whoever acts may read."""
    return list(steps_open().filter(student=student).select_related("plan", "owner_staff").order_by("due_on"))


def tutors_of_school(school: School, day: dt.date) -> QuerySet[User]:
    """Who is a tutor here that day, by name."""
    held = Membership.objects.filter(_on(day), school=school, role__in=(Role.TUTOR, Role.ONE_TO_ONE_TUTOR))
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("last_name", "first_name", "pk")


# `_given_to` says the same.
WAITING = f"""
SELECT 'handover', h.id, '', h.student_id, h.handed_on, '', h.from_tutor_id, 0
  FROM handover_handover h
 WHERE h.handed_on IS NOT NULL AND h.acknowledged_on IS NULL AND h.from_tutor_id <> %(me)s
   AND (h.to_id = %(me)s OR h.to_id IN (SELECT m.user_id FROM accounts_membership m WHERE m.id = ANY (%(held)s))
        OR h.to_id IS NULL AND h.student_id IN (
          SELECT g.student_id FROM groups_groupmembership g WHERE g.group_id IN ({GROUPS_TUTORED})
             AND g.starts_on <= %(today)s AND (g.ends_on IS NULL OR g.ends_on >= %(today)s)))
"""  # noqa: S608 (our own text; values are parameters)
# A fortnight after it was handed over, and after the next tutor began, nobody has read it (migration 0006).
UNREAD = """
SELECT 'handover_unread', h.id, '', h.student_id, due.day, '', h.to_id, 0
  FROM handover_handover h
 CROSS JOIN LATERAL (
   SELECT guard.handover_read_by(h.student_id, h.to_id, h.from_tutor_id, h.handed_on, h.year) AS day) due
 WHERE h.handed_on IS NOT NULL AND h.acknowledged_on IS NULL AND due.day <= %(today)s
   AND h.student_id IN (SELECT guard.students_seen('groups.change_tutor'))
"""
# The same of the people one manages (decision 0016): whose and since when, and the student where the reader may read
# the page by a role of their own. A head of the student has the line above; whoever stands in has the page itself.
LATE = """
SELECT 'handover_late', late.handover,
       u.first_name || ' ' || u.last_name || ', due by ' || to_char(late.due_on, 'FMDD FMMonth'),
       seen.id, late.due_on, '', NULL::uuid, 0
  FROM guard.handovers_late() late
  JOIN accounts_user u ON u.id = late.person
  LEFT JOIN handover_handover h ON h.id = late.handover
  LEFT JOIN students_student seen ON seen.id = h.student_id
 WHERE late.person <> ALL (%(absent)s)
   AND NOT (%(leads)s::boolean AND seen.id IS NOT NULL
            AND seen.id IN (SELECT guard.students_seen('groups.change_tutor')))
"""
# The last day of `tied`, or of the term before it.
_WRITE_BY = """(
  SELECT least(tied.ends_on, max(t.ends_on)) AS day FROM students_term t
   WHERE t.school_id = mine.school_id AND t.starts_on <= tied.ends_on)"""
# Whoever stands in for the one who is tied writes for them.
_WRITTEN = """
        SELECT FROM handover_handover written JOIN accounts_membership author ON author.user_id = written.from_tutor_id
         WHERE written.year >= %(year)s AND written.handed_on IS NOT NULL"""
TO_WRITE = f"""
SELECT 'handovers', tied.id, g.name, NULL::uuid, due.day, '', NULL::uuid, 0
  FROM groups_tutorassignment tied JOIN groups_tutorgroup g ON g.id = tied.group_id
  JOIN accounts_membership mine ON mine.id = tied.membership_id CROSS JOIN LATERAL {_WRITE_BY} due
 WHERE tied.membership_id = ANY (%(held)s) AND tied.starts_on <= %(today)s
   AND tied.ends_on >= %(today)s AND due.day <= %(notice)s AND EXISTS (
   SELECT FROM groups_groupmembership m JOIN students_student s ON s.id = m.student_id
    WHERE m.group_id = tied.group_id AND m.starts_on <= %(today)s AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)
      AND (s.left_on IS NULL OR s.left_on > tied.ends_on)
      AND NOT EXISTS (
        SELECT FROM groups_tutorassignment stays JOIN groups_groupmembership there ON there.group_id = stays.group_id
         WHERE stays.membership_id = ANY (%(held)s) AND there.student_id = m.student_id
           AND (stays.ends_on IS NULL OR stays.ends_on > tied.ends_on)
           AND (there.ends_on IS NULL OR there.ends_on > tied.ends_on))
      AND NOT EXISTS ({_WRITTEN} AND written.student_id = m.student_id AND EXISTS (
        SELECT FROM groups_tutorassignment beside
         WHERE beside.group_id = tied.group_id AND beside.starts_on <= %(today)s
           AND (beside.ends_on IS NULL OR beside.ends_on >= %(today)s)
           AND beside.membership_id IN (author.id, author.stands_in_for_id))))
"""  # noqa: S608 (our own text; values are parameters)
# Of single students, tied to a 1:1 tutor without a group.
TO_WRITE_OF_ONE = f"""
SELECT 'handovers', tied.id, '', tied.student_id, due.day, '', NULL::uuid, 0
  FROM groups_caseloadentry tied JOIN accounts_membership mine ON mine.id = tied.membership_id
 CROSS JOIN LATERAL {_WRITE_BY} due
 WHERE tied.membership_id = ANY (%(held)s) AND mine.role = 'one_to_one_tutor' AND tied.starts_on <= %(today)s
   AND tied.ends_on >= %(today)s AND due.day <= %(notice)s
   AND NOT EXISTS (
     SELECT FROM groups_caseloadentry stays
      WHERE stays.membership_id = ANY (%(held)s) AND stays.student_id = tied.student_id
        AND (stays.ends_on IS NULL OR stays.ends_on > tied.ends_on))
   AND NOT EXISTS ({_WRITTEN} AND written.student_id = tied.student_id
     AND tied.membership_id IN (author.id, author.stands_in_for_id))
"""  # noqa: S608 (our own text; values are parameters)
# The tutor has changed and nobody wrote a page: how many, by the group where they are now, and no name. Whoever wrote
# one lately closes it, for the one who left may not be there to ask.
UNWRITTEN = """
SELECT 'handover_unwritten', there.group_id, here.name || ': ' || count(DISTINCT gone.student_id), NULL::uuid,
       min(gone.ends_on) + 1, '', NULL::uuid, 0
  FROM (
    SELECT was.student_id, tied.membership_id, tied.ends_on
      FROM groups_tutorassignment tied JOIN groups_groupmembership was ON was.group_id = tied.group_id
       AND was.starts_on <= tied.ends_on AND (was.ends_on IS NULL OR was.ends_on >= tied.ends_on)
     WHERE tied.ends_on >= %(long_ago)s AND tied.ends_on < %(today)s
     UNION ALL
    SELECT one.student_id, one.membership_id, one.ends_on
      FROM groups_caseloadentry one JOIN accounts_membership as_tutor ON as_tutor.id = one.membership_id
     WHERE one.ends_on >= %(long_ago)s AND one.ends_on < %(today)s AND as_tutor.role = 'one_to_one_tutor') gone
  JOIN accounts_membership old ON old.id = gone.membership_id
  JOIN groups_groupmembership there ON there.student_id = gone.student_id AND there.starts_on <= %(today)s
   AND (there.ends_on IS NULL OR there.ends_on >= %(today)s)
  JOIN groups_tutorgroup here ON here.id = there.group_id
 WHERE gone.student_id IN (SELECT guard.students_seen('groups.change_tutor'))
   AND NOT EXISTS (
     SELECT FROM groups_tutorassignment stays JOIN accounts_membership same ON same.id = stays.membership_id
      WHERE stays.group_id = there.group_id AND same.user_id = old.user_id AND stays.starts_on <= %(today)s
        AND (stays.ends_on IS NULL OR stays.ends_on >= %(today)s))
   AND NOT EXISTS (
     SELECT FROM groups_caseloadentry stays JOIN accounts_membership same ON same.id = stays.membership_id
      WHERE stays.student_id = gone.student_id AND same.user_id = old.user_id AND stays.starts_on <= %(today)s
        AND (stays.ends_on IS NULL OR stays.ends_on >= %(today)s))
   AND NOT EXISTS (
     SELECT FROM handover_handover written
      WHERE written.student_id = gone.student_id AND written.handed_on >= gone.ends_on - %(ahead)s)
 GROUP BY there.group_id, here.name
"""


def handovers_due(user: User, today: dt.date) -> list[Lines]:
    """What this person has to acknowledge ("handover"), and groups of which they have some to write before their sight
    of the students ends ("handovers").

    A tutor who goes on with the students, in another group or year, hands nothing over.
    """
    values = values_of(user, today)
    to_write = {**values, "year": year_for(today), "notice": today + NOTICE}
    return [(WAITING, values), (TO_WRITE, to_write), (TO_WRITE_OF_ONE, to_write)]


def handovers_unread(user: User, today: dt.date) -> list[Lines]:
    """For heads of the student's house or year: not acknowledged in time by the next tutor ("handover_unread"), and
    never written though the tutor has changed ("handover_unwritten").
    """
    if not _leads(user):
        return []
    changed = {"today": today, "long_ago": today - ASKED_AFTER, "ahead": AHEAD.days}
    return [(UNREAD, {"today": today}), (UNWRITTEN, changed)]


def handovers_late(user: User, today: dt.date) -> list[Lines]:
    """What those whom this person manages have not acknowledged by its day ("handover_late"); of students for whom a
    head is told as head, not again.
    """
    leads = _leads(user) and user.has_perm(Permission.CHANGE_TUTOR)
    return [(LATE, {"absent": list(user.stands_in_for), "leads": leads})]


def _leads(user: User) -> bool:
    return any(Role(held.role) in HOUSE_ROLES | YEAR_ROLES for held in user.current_memberships)
