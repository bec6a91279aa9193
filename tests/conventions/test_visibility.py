"""Who sees whom: the selector held against a plain reading of the rules, over random little schools."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, YEAR_ROLES, Role
from accounts.models import House, Membership, School, User
from accounts.permissions import Permission, roles_with
from students.models import Student
from tests import factories as make
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import students_visible_to

TODAY = timezone.localdate()
DATES = st.sampled_from([(-400, None), (-400, -1), (-400, 0), (0, None), (1, None), (-400, 30)])


class World:
    """Two schools, two houses, two years, three groups and a handful of students."""

    def __init__(self) -> None:
        self.school = make.SchoolFactory.create(name="Here")
        self.other = make.SchoolFactory.create(name="Elsewhere")
        self.houses = [make.HouseFactory.create(school=self.school, name=n) for n in ("Becket", "Curie")]
        self.groups = [
            make.TutorGroupFactory.create(school=self.school, name=f"{y}{h.name[:3].upper()}", year_group=y, house=h)
            for y, h in ((10, self.houses[0]), (11, self.houses[0]), (11, self.houses[1]))
        ]
        self.students = [make.student_in(group) for group in self.groups for _ in range(2)]
        self.students.append(make.StudentFactory.create(school=self.school, year_group=None, house=None))
        self.stranger = make.StudentFactory.create(school=self.other, year_group=11)
        self.user = make.UserFactory.create(school=self.school)
        # (membership, groups tied to it, students tied to it), each tie with whether it is in force today
        self.held: list[tuple[Membership, list[TutorGroup], list[Student]]] = []

    def expected(self, permission: Permission) -> set[Student]:
        """The rules, read aloud."""
        return {s for s in self.students if any(self._reaches(m, g, c, s, permission) for m, g, c in self.held)}

    def _reaches(
        self,
        held: Membership,
        groups: list[TutorGroup],
        caseload: list[Student],
        student: Student,
        permission: Permission,
    ) -> bool:
        if held.starts_on > TODAY or (held.ends_on and held.ends_on < TODAY) or held.role not in roles_with(permission):
            return False
        if held.role in ASSIGNED_ROLES:
            position = self.students.index(student)
            own_group = self.groups[position // 2] if position < 6 else None
            return own_group in groups or student in caseload
        if held.role in HOUSE_ROLES and (held.house is None or student.house != held.house):
            return False
        if held.role in YEAR_ROLES and (held.year_group is None or student.year_group != held.year_group):
            return False
        if held.house is not None and student.house != held.house:
            return False
        return held.year_group is None or student.year_group == held.year_group


def _day(offset: int | None) -> dt.date | None:
    return None if offset is None else TODAY + dt.timedelta(days=offset)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_selector_agrees_with_the_rules(data: st.DataObject) -> None:
    from django.db import transaction

    with transaction.atomic():
        world = World()
        for role in data.draw(st.lists(st.sampled_from(Role), min_size=1, max_size=3, unique=True)):
            _give(world, role, data)
        user = User.objects.get(pk=world.user.pk)
        for permission in Permission:
            assert set(students_visible_to(user, permission)) == world.expected(permission), permission
        transaction.set_rollback(True)


def _give(world: World, role: Role, data: st.DataObject) -> None:
    starts, ends = data.draw(DATES)
    held = make.MembershipFactory.create(
        user=world.user,
        role=role,
        house=data.draw(st.sampled_from([None, *world.houses])),
        year_group=data.draw(st.sampled_from([None, 10, 11])),
        starts_on=_day(starts),
        ends_on=_day(ends),
    )
    groups, caseload = [], []
    for group in data.draw(st.lists(st.sampled_from(world.groups), max_size=2, unique=True)):
        starts, ends = data.draw(DATES)
        make.TutorAssignmentFactory.create(membership=held, group=group, starts_on=_day(starts), ends_on=_day(ends))
        if starts <= 0 and (ends is None or ends >= 0):
            groups.append(group)
    for student in data.draw(st.lists(st.sampled_from(world.students), max_size=2, unique=True)):
        starts, ends = data.draw(DATES)
        make.CaseloadEntryFactory.create(membership=held, student=student, starts_on=_day(starts), ends_on=_day(ends))
        if starts <= 0 and (ends is None or ends >= 0):
            caseload.append(student)
    world.held.append((held, groups, caseload))


@pytest.mark.django_db
def test_another_school_is_never_seen() -> None:
    here, there = School.objects.create(name="Here"), School.objects.create(name="There")
    make.StudentFactory.create(school=there)
    head = make.person(Role.HEADTEACHER, school=here)
    House.objects.create(school=there, name="Becket")
    assert not students_visible_to(head).exists()


@pytest.mark.django_db
def test_somebody_switched_off_sees_nobody() -> None:
    make.StudentFactory.create()
    head = make.person(Role.HEADTEACHER, is_active=False)
    assert not students_visible_to(head).exists()
