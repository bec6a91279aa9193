"""A student is in one tutor group at a time: the database holds it, an import after the rollover heeds it."""

import datetime as dt
import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from exchange.findings import Severity
from students.models import Student
from tests import factories as make
from tests.exchange.conftest import Import
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import students_with_group

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
Write = Callable[..., Path]
UPN = "R201100018042"


def places(student: Student) -> list[tuple[str, dt.date, dt.date | None]]:
    return list(student.group_memberships.order_by("starts_on").values_list("group__name", "starts_on", "ends_on"))


def test_nobody_is_in_two_groups_on_one_day() -> None:
    today, group = timezone.localdate(), make.TutorGroupFactory.create()
    student = make.student_in(group)
    other = make.TutorGroupFactory.create(name="Other", school=group.school)
    student.group_memberships.update(ends_on=today)
    for day in (today, today - 30 * DAY):
        with pytest.raises(IntegrityError, match="one_group_a_day"), transaction.atomic():
            make.GroupMembershipFactory.create(student=student, group=other, starts_on=day, ends_on=day)
    make.GroupMembershipFactory.create(student=student, group=other, starts_on=today + DAY)
    (found,) = students_with_group(Student.objects.filter(pk=student.pk))
    assert (vars(found)["group_id"], vars(found)["group_name"]) == (group.pk, group.name)


def test_what_overlaps_is_put_one_after_the_other() -> None:
    """As a database of before finds it when it is brought up to date."""
    repair = importlib.import_module("tutoring.groups.migrations.0011_one_place_at_a_time")
    today, old = timezone.localdate(), make.TutorGroupFactory.create(name="Old")
    new = make.TutorGroupFactory.create(name="New", school=old.school)
    student, settled = make.student_in(old), make.student_in(new)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE groups_groupmembership DROP CONSTRAINT one_group_a_day")
        make.GroupMembershipFactory.create(student=student, group=new, starts_on=today)
        make.GroupMembershipFactory.create(student=student, group=old, starts_on=today, ends_on=today)
        cursor.execute(repair.LONGEST)
        cursor.execute(repair.ONE_AFTER_THE_OTHER)
    assert places(student) == [("Old", make.LONG_AGO, today - DAY), ("New", today, None)]
    assert places(settled) == [("New", make.LONG_AGO, None)]


def rolled_over() -> Student:
    """In 7A for six days more, then in 8A, as the rollover leaves it."""
    today, group = timezone.localdate(), make.TutorGroupFactory.create(name="7A")
    student = make.student_in(group, upn=UPN, legal_forename="Grace", legal_surname="Lane")
    student.group_memberships.update(ends_on=today + 6 * DAY)
    later = make.TutorGroupFactory.create(name="8A", school=group.school)
    make.GroupMembershipFactory.create(student=student, group=later, starts_on=today + 7 * DAY)
    return student


def bring_in(run: Import, write: Write, group: str) -> None:
    report = run(write("pupils.csv", f"UPN,Forename,Surname,Year,Reg\n{UPN},Grace,Lane,Year 7,{group}\n"))
    assert not report.counted[Severity.ERROR]


def test_an_old_file_after_the_rollover_moves_nobody(run: Import, write: Write) -> None:
    student = rolled_over()
    before = places(student)
    bring_in(run, write, "7A")
    assert places(student) == before


def test_a_new_file_moves_a_little_early_and_leaves_what_is_to_come(run: Import, write: Write) -> None:
    student, today = rolled_over(), timezone.localdate()
    bring_in(run, write, "8A")
    assert places(student) == [
        ("7A", make.LONG_AGO, today - DAY),
        ("8A", today, today + 6 * DAY),
        ("8A", today + 7 * DAY, None),
    ]
    assert TutorGroup.objects.count() == 2
