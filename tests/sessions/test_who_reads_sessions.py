"""Who reads a conversation when somebody no longer sees the student; tests/lock holds the whole rule."""

import pytest

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from tests import factories as make
from tutoring.sessions.enums import Confidentiality
from tutoring.sessions.models import TutorSession
from tutoring.sessions.selectors import sessions_readable


def read_by(user: User) -> list[TutorSession]:
    with acting_as(Actor(user_id=user.pk)):
        return list(sessions_readable())


@pytest.mark.django_db
def test_naming_somebody_ends_when_they_no_longer_see_the_student() -> None:
    group = make.TutorGroupFactory.create()
    student = make.student_in(group)
    session = make.TutorSessionFactory.create(student=student, confidentiality=Confidentiality.NAMED)
    tutor = make.person(Role.TUTOR, group=group)
    session.named_staff.add(tutor)
    assert read_by(tutor) == [session]
    tutor.memberships.get().tutor_assignments.all().delete()
    assert read_by(tutor) == []


@pytest.mark.django_db
def test_an_author_reads_their_words_as_long_as_they_see_the_student() -> None:
    group = make.TutorGroupFactory.create()
    tutor = make.person(Role.TUTOR, group=group)
    session = make.TutorSessionFactory.create(student=make.student_in(group), author=tutor)
    assert read_by(tutor) == [session]
    session.student.group_memberships.update(ends_on=session.student.group_memberships.get().starts_on)
    assert read_by(tutor) == []
