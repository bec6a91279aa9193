"""Who reads a conversation when somebody no longer sees the student; tests/lock holds the whole rule."""

import pytest

from accounts.enums import Role
from accounts.models import User
from tests import factories as make
from tutoring.sessions.enums import Confidentiality
from tutoring.sessions.selectors import sessions_visible_to


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


@pytest.mark.django_db
def test_an_author_reads_their_words_as_long_as_they_see_the_student() -> None:
    group = make.TutorGroupFactory.create()
    tutor = make.person(Role.TUTOR, group=group)
    session = make.TutorSessionFactory.create(student=make.student_in(group), author=tutor)
    assert list(sessions_visible_to(tutor)) == [session]
    session.student.group_memberships.update(ends_on=session.student.group_memberships.get().starts_on)
    assert list(sessions_visible_to(tutor)) == []
