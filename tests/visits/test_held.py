"""Held by the database, past every view (duty 92): who plans, who says out and back, and that times stay."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as, acting_as_system
from tests import factories as make
from tests.sessions.pages import Scene, scene
from tutoring.visits.models import HomeVisit

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def tried(who: User | str, sql: str, *values: Any) -> str:
    """What came of a statement, as this person or job: "done", "refused", or "nothing" where no row was theirs."""
    acting = acting_as_system(who) if isinstance(who, str) else acting_as(Actor(user_id=who.pk))
    with acting, connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(sql, values)
                return "done" if cursor.rowcount else "nothing"
        except (IntegrityError, ProgrammingError):
            return "refused"


def changed(who: User | str, visit: HomeVisit, **values: Any) -> str:
    columns = ", ".join(f"{name} = %s" for name in values)
    return tried(who, f"UPDATE visits_homevisit SET {columns} WHERE id = %s", *values.values(), visit.pk)


def made(who: User, **values: Any) -> str:
    row = make.HomeVisitFactory.build(**(values | {"id": uuid.uuid4(), "created_at": timezone.now()}))
    fields = HomeVisit._meta.concrete_fields
    names, marks = ", ".join(f.column for f in fields), ", ".join(["%s"] * len(fields))
    given = [getattr(row, f.attname) for f in fields]
    return tried(who, f"INSERT INTO visits_homevisit ({names}) VALUES ({marks})", *given)


@pytest.fixture
def world() -> Scene:
    return scene()


@pytest.fixture
def head(world: Scene) -> User:
    return make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)


def test_one_plans_ones_own_visit_to_a_family_one_sees(world: Scene, head: User) -> None:
    teacher = make.person(Role.SUBJECT_TEACHER, school=world.student.school, group=world.group)
    mine = {"student": world.student, "visitor": world.tutor, "told": head}
    now = timezone.now()
    assert made(head, **mine | {"told": teacher}) == "refused", "in another's name"
    assert made(teacher, **mine | {"visitor": teacher}) == "refused", "a teacher does not see the family"
    assert made(world.tutor, **mine | {"told": teacher}) == "refused", "who is told would not find the address"
    assert made(world.tutor, **mine | {"told": world.tutor}) == "refused", "told oneself"
    assert made(world.tutor, **mine, companion=head) == "refused", "who goes along is not at school"
    elsewhere = make.person(Role.TUTOR, school=make.SchoolFactory.create(name="Elsewhere"))
    assert made(world.tutor, **mine, companion=elsewhere) == "refused", "of another school"
    assert made(world.tutor, **mine, out_at=now) == "refused", "out from the start"
    assert made(world.tutor, **mine, told_at=now) == "refused", "told from the start"
    assert made(world.tutor, **mine, back_by=now - HOUR) == "refused", "back before leaving"
    assert made(world.tutor, **mine, companion=teacher) == "done"


def test_only_whoever_goes_says_out_and_back_and_the_times_stay(world: Scene, head: User) -> None:
    teacher = make.person(Role.SUBJECT_TEACHER, school=world.student.school, group=world.group)
    visit = make.HomeVisitFactory.create(student=world.student, visitor=world.tutor, told=head, companion=teacher)
    now = timezone.now()
    assert changed(head, visit, out_at=now) == "nothing"
    assert changed(world.tutor, visit, back_at=now) == "refused", "back without having left"
    assert changed(world.tutor, visit, child_seen="yes") == "refused", "seen before going"
    assert changed(teacher, visit, out_at=now) == "done"
    assert changed(world.tutor, visit, out_at=now - HOUR) == "refused", "left once"
    assert changed(world.tutor, visit, out_at=None) == "refused"
    assert changed(world.tutor, visit, cancelled=True) == "refused", "somebody is out"
    assert changed(head, visit, back_at=now) == "nothing", "who is told cannot say it"
    assert changed(world.tutor, visit, back_at=now - HOUR) == "refused", "backwards"
    assert changed(world.tutor, visit, told_at=now) == "refused", "that is the timer's"
    assert changed(world.tutor, visit, back_by=now + 9 * HOUR) == "refused", "what was planned stays"
    assert changed(world.tutor, visit, told_id=teacher.pk) == "refused"
    assert changed(world.tutor, visit, back_at=now) == "done"


def test_a_visit_that_is_back_or_cancelled_does_not_change(world: Scene, head: User) -> None:
    now = timezone.now()
    visit = make.HomeVisitFactory.create(
        student=world.student, visitor=world.tutor, told=head, out_at=now - HOUR, back_at=now
    )
    assert changed(world.tutor, visit, back_at=now + HOUR) == "refused"
    assert changed(world.tutor, visit, back_at=None) == "refused"
    assert changed(world.tutor, visit, child_seen="no", who_was_there="An uncle") == "done"
    assert changed(world.tutor, visit, child_seen="yes") == "refused", "said once"
    assert changed(world.tutor, visit, who_was_there="Nobody") == "refused"
    assert tried(world.tutor, "DELETE FROM visits_homevisit WHERE id = %s", visit.pk) == "refused"
    dropped = make.HomeVisitFactory.create(student=world.student, visitor=world.tutor, told=head, cancelled=True)
    assert changed(world.tutor, dropped, cancelled=False) == "refused"
    assert changed(world.tutor, dropped, out_at=now) == "refused"


def test_the_timer_sees_who_is_out_and_notes_its_alarms_once(world: Scene, head: User) -> None:
    now, job = timezone.now(), "home visits"
    make.HomeVisitFactory.create(student=world.student, visitor=world.tutor, told=head)
    visit = make.HomeVisitFactory.create(student=world.student, visitor=world.tutor, told=head, out_at=now)
    with acting_as_system(job):
        assert [v.pk for v in HomeVisit.objects.all()] == [visit.pk]
    with acting_as_system("reports"):
        assert not HomeVisit.objects.exists()
    assert changed(job, visit, back_at=now) == "refused"
    assert changed(job, visit, note="Mine") == "refused"
    assert changed(job, visit, told_taken_at=now) == "done"
    assert changed(job, visit, told_at=now) == "done"
    assert changed(job, visit, told_at=None) == "refused"
    heads = "SELECT guard.heads_of_visit(%s)"
    assert tried(head, heads, visit.pk) == "nothing", "for the timer alone"
    assert tried(job, heads, visit.pk) == "done"
