"""Who reads a conversation: the selector held against the rules read aloud, over random little schools."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import Permission
from students.models import Student
from tests import factories as make
from tests.conventions.test_visibility import World, _give
from tutoring.groups.selectors import staff_who_see
from tutoring.sessions.enums import Confidentiality
from tutoring.sessions.models import NextStep, TutorSession
from tutoring.sessions.selectors import open_steps_visible_to, sessions_visible_to, steps_visible_to

LEVELS = list(Confidentiality)


def _reads(session: TutorSession, user: User, named: bool, seen: dict[Permission, set[Student]]) -> bool:
    """The rule in plain Python."""
    if session.author == user:
        return True
    if session.confidentiality == Confidentiality.TEACHING:
        return session.student in seen[Permission.VIEW_SESSION]
    if session.confidentiality == Confidentiality.TEAM:
        return session.student in seen[Permission.VIEW_TEAM_SESSION]
    return named and session.student in seen[Permission.VIEW_STUDENT]


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_selector_agrees_with_the_rules(data: st.DataObject) -> None:
    with transaction.atomic():
        world = World()
        for role in data.draw(st.lists(st.sampled_from(Role), min_size=1, max_size=2, unique=True)):
            _give(world, role, data)
        colleague = make.UserFactory.create(school=world.school)
        made: list[tuple[TutorSession, NextStep, bool]] = []
        for student in [*world.students, world.stranger]:
            level = data.draw(st.sampled_from(LEVELS))
            named, mine, owns = data.draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
            author = world.user if mine and student != world.stranger else colleague
            session = make.TutorSessionFactory.create(student=student, author=author, confidentiality=level)
            step = make.NextStepFactory.create(session=session, owner_staff=world.user if owns else None)
            if named:
                session.named_staff.set([world.user, colleague])
            made.append((session, step, named))
        user = User.objects.get(pk=world.user.pk)
        seen = {permission: world.expected(permission) for permission in Permission}

        expected = {session for session, _, named in made if _reads(session, user, named, seen)}
        assert list(sessions_visible_to(user).order_by("pk")) == sorted(expected, key=lambda s: s.pk)

        steps = {
            step
            for session, step, _ in made
            if session in expected or (step.owner_staff == user and session.student != world.stranger)
        }
        assert set(steps_visible_to(user)) == steps
        assert set(open_steps_visible_to(user)) == steps
        for permission in (Permission.VIEW_STUDENT, Permission.VIEW_TEAM_SESSION, Permission.WRITE_COMMENT):
            for student in [*world.students, world.stranger]:
                found = user in staff_who_see(student, permission)
                assert found == (student in seen[permission]), (permission, student)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_naming_somebody_ends_when_they_no_longer_see_the_student() -> None:
    group = make.TutorGroupFactory.create()
    student = make.student_in(group)
    session = make.TutorSessionFactory.create(student=student, confidentiality=Confidentiality.NAMED)
    tutor = make.person(Role.TUTOR, group=group)
    session.named_staff.add(tutor)
    assert list(sessions_visible_to(tutor)) == [session]
    tutor.memberships.get().tutor_assignments.all().delete()
    assert list(sessions_visible_to(User.objects.get(pk=tutor.pk))) == []
