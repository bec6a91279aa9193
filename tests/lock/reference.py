"""Who sees whom, in plain Python over the rows as they are: the reading that policies must equal.

Nothing here asks the database: `Facts` are read once as the owner, and `Eyes` look at them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, YEAR_ROLES
from accounts.models import Membership, User
from accounts.permissions import Permission as P
from accounts.permissions import roles_with
from core.ids import UUID
from students.models import Student
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment
from tutoring.sessions.enums import Confidentiality
from tutoring.sessions.models import TutorSession, WordsForHome

Named = TutorSession.named_staff.through
Row = Any


@dataclass
class Facts:
    """Every row there is, by model, as the owner reads them."""

    rows: dict[type[models.Model], list[Row]]
    day: dt.date = field(default_factory=timezone.localdate)

    @classmethod
    def load(cls, wanted: Iterable[type[models.Model]]) -> "Facts":
        return cls({model: list(model._default_manager.all()) for model in wanted})

    @cached_property
    def students(self) -> dict[UUID, Student]:
        return {student.pk: student for student in self.rows[Student]}

    @cached_property
    def sessions(self) -> dict[UUID, TutorSession]:
        return {session.pk: session for session in self.rows[TutorSession]}

    @cached_property
    def groups_tied(self) -> dict[UUID, set[UUID]]:
        """membership → the groups it is tied to today."""
        return self._collect(TutorAssignment, "membership_id", "group_id")

    @cached_property
    def students_tied(self) -> dict[UUID, set[UUID]]:
        """membership → the single students it is tied to today."""
        return self._collect(CaseloadEntry, "membership_id", "student_id")

    @cached_property
    def groups_of(self) -> dict[UUID, set[UUID]]:
        """student → the groups they are in today."""
        return self._collect(GroupMembership, "student_id", "group_id")

    @cached_property
    def named_in(self) -> dict[UUID, set[UUID]]:
        """session → the people its author named."""
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for row in self.rows[Named]:
            found[row.tutorsession_id].add(row.user_id)
        return found

    @cached_property
    def words_of(self) -> set[UUID]:
        """Sessions of which something goes home."""
        return {row.session_id for row in self.rows[WordsForHome]}

    def _collect(self, model: type[models.Model], key: str, value: str) -> dict[UUID, set[UUID]]:
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for row in self.rows[model]:
            if self.in_force(row):
                found[getattr(row, key)].add(getattr(row, value))
        return found

    def in_force(self, row: Row) -> bool:
        return row.starts_on <= self.day and (row.ends_on is None or row.ends_on >= self.day)


@dataclass
class Eyes:
    """One actor: a person, who may just have proved it again, or one of our own jobs by its name."""

    facts: Facts
    user: User | None = None
    job: str = ""
    elevated: bool = False

    @cached_property
    def uid(self) -> UUID | None:
        """Somebody switched off is nobody."""
        return self.user.pk if self.user and self.user.is_active else None

    @cached_property
    def memberships(self) -> list[Membership]:
        """What they do today, at their own school."""
        if self.user is None or self.uid is None:
            return []
        mine = (m for m in self.facts.rows[Membership] if m.user_id == self.uid and m.school_id == self.user.school_id)
        return [m for m in mine if self.facts.in_force(m)]

    @property
    def school(self) -> UUID | None:
        """The school of somebody who works there today."""
        return self.memberships[0].school_id if self.memberships else None

    def holds(self, permission: P) -> bool:
        return any(m.role in roles_with(permission) for m in self.memberships)

    def works_at(self, school: UUID | None, permission: P) -> bool:
        return self.school is not None and self.school == school and self.holds(permission)

    @cached_property
    def roles_over(self) -> dict[UUID, set[str]]:
        """student → the roles through which this person reaches them."""
        found: dict[UUID, set[str]] = defaultdict(set)
        for student in self.facts.students.values():
            for membership in self.memberships:
                if self._reaches(membership, student):
                    found[student.pk].add(membership.role)
        return found

    def _reaches(self, held: Membership, student: Student) -> bool:
        if student.school_id != held.school_id:
            return False
        if held.role in ASSIGNED_ROLES:
            tied_by = held.stands_in_for_id or held.pk
            by_group = self.facts.groups_of[student.pk] & self.facts.groups_tied[tied_by]
            return bool(by_group) or student.pk in self.facts.students_tied[tied_by]
        if held.role in HOUSE_ROLES and held.house_id is None:
            return False
        if held.role in YEAR_ROLES and held.year_group is None:
            return False
        in_house = held.house_id is None or student.house_id == held.house_id
        in_year = held.year_group is None or student.year_group == held.year_group
        return in_house and in_year

    def students(self, permission: P) -> set[UUID]:
        """Those for whom this person holds the permission."""
        carriers = {role.value for role in roles_with(permission)}
        return {student for student, roles in self.roles_over.items() if roles & carriers}

    def sees(self, student: UUID, permission: P = P.VIEW_STUDENT) -> bool:
        return not self.roles_over.get(student, set()).isdisjoint(roles_with(permission))

    def reads_session(self, session: TutorSession) -> bool:
        if self.uid is None:
            return False
        if session.author_id == self.uid:
            return self.sees(session.student_id)
        if session.confidentiality == Confidentiality.TEACHING:
            return self.sees(session.student_id, P.VIEW_SESSION)
        if session.confidentiality == Confidentiality.TEAM:
            return self.sees(session.student_id, P.VIEW_TEAM_SESSION)
        return self.uid in self.facts.named_in[session.pk] and self.sees(session.student_id)

    def wrote(self, session: UUID) -> bool:
        found = self.facts.sessions.get(session)
        return found is not None and found.author_id == self.uid and self.reads_session(found)
