"""The people one manages, with how far each is with the entitlement of the term: numbers by name, and nobody's ranking.

It says of each only those of their students whom the reader may read by a role of their own (decision 0016). What is
overdue of alerts and handovers counts the colleague's own duties, whoever they are about: a number, and no student.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from django.db import connection
from django.db.models import Q

from accounts.enums import Role
from accounts.lines import people_managed_by
from accounts.models import Membership, School, User
from accounts.permissions import Permission
from core.ids import UUID
from students.due import DueLine, Lines
from students.selectors import students_on_roll
from tutoring.desk.calendar import Calendar
from tutoring.desk.clock import LAST_WEEKS, clock_of, worries
from tutoring.desk.scopes import Scope
from tutoring.desk.selectors import students_for_today, students_with_rights
from tutoring.diary.clock import Clock, Standing
from tutoring.groups.models import CaseloadEntry, GroupMembership
from tutoring.groups.selectors import students_visible_to, values_of
from tutoring.sessions.selectors import contacts_by_student

TUTORS = (Role.TUTOR, Role.ONE_TO_ONE_TUTOR)
TEAM = "team"
LOOK = "how far they are with the term’s 1:1s"
OVERDUE = """
SELECT person, count(*)
  FROM (SELECT person FROM guard.alerts_late() UNION ALL SELECT person FROM guard.handovers_late()) late
 GROUP BY person
"""
# That this person manages somebody who has single students and no group, with the name and the keys of those students:
# of groups whoever leads them is told. What there is to say of them the clock of the page says.
DUE = """
SELECT 'team', line.person_id, who.first_name || ' ' || who.last_name || '|' || theirs.keys, NULL::uuid,
       %(today)s::date, '', line.person_id, 0
  FROM accounts_linemanager line JOIN accounts_user who ON who.id = line.person_id
 CROSS JOIN LATERAL (
   SELECT string_agg(DISTINCT one.student_id::text, ',') AS keys
     FROM accounts_membership held JOIN groups_caseloadentry one ON one.membership_id = held.id
    WHERE held.user_id = line.person_id AND held.role IN ('tutor', 'one_to_one_tutor')
      AND held.stands_in_for_id IS NULL
      AND one.starts_on <= %(today)s AND (one.ends_on IS NULL OR one.ends_on >= %(today)s)) theirs
 WHERE (line.manager_id = %(me)s OR line.manager_id = ANY (%(absent)s)) AND line.person_id <> %(me)s
   AND line.starts_on <= %(today)s AND (line.ends_on IS NULL OR line.ends_on >= %(today)s)
   AND theirs.keys IS NOT NULL
   AND NOT EXISTS (SELECT FROM accounts_membership held JOIN groups_tutorassignment tied ON tied.membership_id = held.id
                    WHERE held.user_id = line.person_id
                      AND tied.starts_on <= %(today)s AND (tied.ends_on IS NULL OR tied.ends_on >= %(today)s))
"""


@dataclass(frozen=True)
class Colleague:
    """Somebody of the team, with the clock of those of their students whom the reader may read.

    `overdue`: alerts they have not answered and handovers they have not acknowledged by their day.
    """

    person: User
    clock: Clock
    overdue: int

    @property
    def missed(self) -> int:
        """Those who missed theirs or did not want to come, and have no other."""
        return self.clock.counts[Standing.MISSED] + self.clock.counts[Standing.REFUSED]


def team_due(user: User, today: dt.date) -> list[Lines]:
    """A mark for each colleague of the team whom nobody else is told about; `worries_of_team` makes lines of it."""
    return [(DUE, values_of(user, today))]


def team_of(user: User, school: School, calendar: Calendar) -> list[Colleague]:
    """By name, in as many queries however many they are; without a team one."""
    people = list(people_managed_by(user))
    if not people:
        return []
    held = _students_tutored_by({person.pk for person in people}, calendar.today)
    those = {student for students in held.values() for student in students}
    seen = students_on_roll(students_visible_to(user, Permission.VIEW_TEAM_SESSION)).filter(pk__in=those)
    scope = Scope(TEAM, "My team", partial(students_with_rights, seen, user))
    students = students_for_today(scope, user, school, calendar.today)
    known = [student.pk for student in students]
    clock = clock_of(students, calendar, contacts_by_student(known, since=calendar.year_ago, term=calendar.term_start))
    late = _overdue()
    return [
        Colleague(
            one,
            Clock([t for t in clock.turns if t.student_id in held[one.pk]], clock.per_term, clock.days),
            late.get(one.pk, 0),
        )
        for one in people
    ]


def _overdue() -> dict[UUID, int]:
    """person → how much of theirs is overdue, of those whom whoever acts manages; in one query."""
    with connection.cursor() as cursor:
        cursor.execute(OVERDUE)
        return dict(cursor.fetchall())


def _students_tutored_by(people: Collection[UUID], today: dt.date) -> dict[UUID, set[UUID]]:
    """person → whom they tutor today by a role of their own, singly or by group: two queries."""

    def now(where: str) -> Q:
        still = Q(**{f"{where}ends_on": None}) | Q(**{f"{where}ends_on__gte": today})
        return still & Q(**{f"{where}starts_on__lte": today})

    own = Membership.objects.current(today).filter(user__in=people, role__in=TUTORS, stands_in_for=None)
    singly = CaseloadEntry.objects.filter(now(""), membership__in=own)
    tied = "group__tutor_assignments__"
    grouped = GroupMembership.objects.filter(now("") & now(tied), **{f"{tied}membership__in": own})
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for person, student in singly.values_list("membership__user", "student"):
        found[person].add(student)
    for person, student in grouped.values_list(f"{tied}membership__user", "student"):
        found[person].add(student)
    return found


def worries_of_team(lines: list[DueLine], user: User, clock: Clock | None, calendar: Calendar) -> list[DueLine]:
    """The same lines; those of the team say what the clock of the page says of the students in it, and go where there
    is nothing to say. It asks the database nothing: whoever has several roles, and has those students in another
    circle, is told at the end of term where to look.
    """
    others = [line for line in lines if line.kind != TEAM]
    end = calendar.term.ends_on if calendar.term else None
    if clock is None or end is None or not calendar.weeks_left:
        return others
    elsewhere = len(user.current_memberships) > 1 and calendar.weeks_left <= LAST_WEEKS
    found = []
    for line in (line for line in lines if line.kind == TEAM):
        name, _, keys = line.text.rpartition("|")
        held = set(map(UUID, keys.split(",")))
        theirs = Clock([turn for turn in clock.turns if turn.student_id in held], clock.per_term, clock.days)
        why = worries(theirs, end, calendar.weeks_left) if theirs.turns else LOOK if elsewhere else ""
        if why:
            found.append(DueLine(TEAM, line.pk, f"{name}: {why}", None, end))
    return others + found
