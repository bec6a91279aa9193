"""Whom a page names as a student's tutors: who works here today, in the role that the group hangs on."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership
from tests import factories as make
from tutoring.groups.selectors import tutors_by_group, tutors_of_student

pytestmark = pytest.mark.django_db


def test_whose_role_is_over_is_named_no_more_though_the_group_still_hangs_on_it() -> None:
    group = make.TutorGroupFactory.create()
    student = make.student_in(group)
    stays, goes = (make.person(Role.TUTOR, school=group.school, group=group) for _ in range(2))
    assert set(tutors_of_student(student)) == set(tutors_by_group([group.pk])[group.pk]) == {stays, goes}
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.filter(user=goes).update(ends_on=yesterday, starts_on=yesterday)
    assert list(tutors_of_student(student)) == tutors_by_group([group.pk])[group.pk] == [stays]
