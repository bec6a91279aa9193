"""Held by the database, past every view (duties 26 and 30): who reads, who writes what, and that it closes whole."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import models
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from tests import factories as make
from tests.interventions.test_interventions import member_of, outsider, running
from tests.sessions.pages import Scene, scene
from tests.visits.test_held import tried
from tutoring.interventions.models import Dose, Intervention, Member, Sitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Scene:
    return scene()


@pytest.fixture
def colleague(world: Scene) -> User:
    """Tutors the same group, and has nothing to do with it."""
    return make.person(Role.TUTOR, school=world.student.school, group=world.group)


def changed(who: User, row: models.Model, **values: Any) -> str:
    columns = ", ".join(f"{name} = %s" for name in values)
    return tried(who, f"UPDATE {row._meta.db_table} SET {columns} WHERE id = %s", *values.values(), row.pk)


def made(who: User, row: models.Model) -> str:
    row.pk = uuid.uuid4()
    fields = row._meta.concrete_fields
    for field in fields:
        if field.name == "created_at":
            setattr(row, field.attname, timezone.now())
    names, marks = ", ".join(f.column for f in fields), ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {row._meta.db_table} ({names}) VALUES ({marks})"
    return tried(who, sql, *[getattr(row, f.attname) for f in fields])


def seen(who: User, model: type[models.Model]) -> int:
    with acting_as(Actor(user_id=who.pk)):
        return model._default_manager.count()


def test_one_sets_up_ones_own_at_ones_own_school(world: Scene, colleague: User) -> None:
    def new(**values: Any) -> Intervention:
        return make.InterventionFactory.build(
            **({"lead": world.tutor, "made_by": world.tutor, "school": world.student.school} | values)
        )

    elsewhere = make.SchoolFactory.create(name="Elsewhere")
    assert made(world.tutor, new(made_by=colleague)) == "refused", "in another's name"
    assert made(world.tutor, new(school=elsewhere)) == "refused"
    assert made(world.tutor, new(lead=make.UserFactory.create(school=elsewhere))) == "refused", "led from elsewhere"
    assert made(world.tutor, new(barrier=make.BarrierFactory.create(school=elsewhere))) == "refused"
    assert made(world.tutor, new(closed_on=localdate(), decision="stop")) == "refused", "closed from the start"
    teacher = make.person(Role.SUBJECT_TEACHER, school=world.student.school, group=world.group)
    assert made(teacher, new(lead=teacher, made_by=teacher)) == "refused", "without the permission"
    assert made(world.tutor, new(lead=colleague)) == "done"


def test_who_is_in_it_is_read_like_a_plan_and_by_whoever_runs_it_and_sees_them(world: Scene) -> None:
    it = running(world)
    outsider(it)
    teacher = make.person(Role.SUBJECT_TEACHER, school=world.student.school, group=world.group)
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    far = make.person(Role.HEAD_OF_HOUSE, house=make.HouseFactory.create(name="Far"))
    stranger = make.person(Role.TUTOR, school=world.student.school)
    assert [seen(who, Member) for who in (world.tutor, head, far, teacher, stranger)] == [2, 2, 1, 0, 0]
    assert [seen(who, Intervention) for who in (world.tutor, head, teacher, stranger)] == [1, 1, 0, 0]
    make.HelperFactory.create(intervention=it, user=teacher)
    make.HelperFactory.create(intervention=it, user=stranger)
    assert [seen(who, Member) for who in (teacher, stranger)] == [2, 0], "helping shows nobody one does not see"


def test_only_lead_maker_and_keepers_change_it(world: Scene, colleague: User) -> None:
    it = running(world)
    jamal = member_of(it, world.student)
    make.HelperFactory.create(intervention=it, user=colleague)
    assert changed(colleague, it, name="Mine") == "nothing"
    assert changed(colleague, jamal, outcome=2) == "nothing"
    third = make.student_in(world.group)
    assert made(colleague, make.MemberFactory.build(intervention=it, student=third)) == "refused"
    assert made(colleague, make.HelperFactory.build(intervention=it, user=colleague)) == "refused"
    assert changed(world.tutor, jamal, student_id=third.pk) == "refused", "a row stays about one student"
    assert changed(world.tutor, it, made_by_id=colleague.pk) == "refused"
    hidden = outsider(it)
    assert changed(world.tutor, hidden, outcome=2) == "nothing"
    mine = make.InterventionFactory.create(lead=world.tutor)
    other = make.MemberFactory.build(intervention=mine, student=hidden.student)
    assert made(world.tutor, other) == "refused", "somebody one does not see"
    leader = make.person(Role.SENIOR_LEADER, school=world.student.school)
    assert changed(leader, it, name="Readers") == "done"
    assert changed(world.tutor, it, lead_id=colleague.pk) == "done"


def test_meetings_are_logged_in_ones_own_name_by_whoever_runs_it(world: Scene, colleague: User) -> None:
    it = running(world)
    assert made(colleague, make.SittingFactory.build(intervention=it, by=colleague)) == "refused"
    assert made(world.tutor, make.SittingFactory.build(intervention=it, by=colleague)) == "refused"
    make.HelperFactory.create(intervention=it, user=colleague)
    assert made(colleague, make.SittingFactory.build(intervention=it, by=colleague)) == "done"
    meeting, jamal = Sitting.objects.get(), member_of(it, world.student)

    def there(**values: Any) -> Dose:
        return Dose(
            **({"meeting": meeting, "member": jamal, "student": world.student, "came": True, "minutes": 20} | values)
        )

    assert made(world.tutor, there()) == "refused", "at another's meeting"
    assert made(colleague, there(student=world.classmate)) == "refused", "a row about two students"
    stray = make.MemberFactory.create(intervention=running(world), student=make.student_in(world.group))
    assert made(colleague, there(member=stray, student=stray.student)) == "refused", "from another intervention"
    assert made(colleague, there()) == "done"
    assert changed(world.tutor, meeting, note="Mine") == "nothing"
    assert changed(colleague, meeting, intervention_id=stray.intervention_id) == "refused"
    assert tried(colleague, "DELETE FROM interventions_sitting") == "refused"


def test_it_closes_with_an_outcome_for_everybody_seen_or_not_and_stays_closed(world: Scene) -> None:
    it = running(world)
    hidden = outsider(it)
    close = {"closed_on": localdate(), "decision": "stop"}
    Member.objects.exclude(pk=hidden.pk).update(outcome=1)
    assert changed(world.tutor, it, **close) == "refused", "one is missing"
    Member.objects.update(outcome=1)
    assert changed(world.tutor, it, closed_on=localdate()) == "refused", "without a decision"
    meeting = make.SittingFactory.create(intervention=it)
    assert changed(world.tutor, it, **close) == "done"
    jamal = member_of(it, world.student)
    assert changed(world.tutor, it, closed_on=None, decision="") == "refused", "opened again"
    assert changed(world.tutor, it, worked="Otherwise") == "refused"
    assert changed(world.tutor, jamal, outcome=None) == "refused"
    assert changed(world.tutor, meeting, minutes=60) == "refused"
    presence = Dose(meeting=meeting, member=jamal, student=world.student, minutes=20)
    assert made(world.tutor, presence) == "refused"
    assert made(world.tutor, make.SittingFactory.build(intervention=it, by=world.tutor)) == "refused"
    third = make.student_in(world.group)
    assert made(world.tutor, make.MemberFactory.build(intervention=it, student=third)) == "refused"
    assert made(world.tutor, make.HelperFactory.build(intervention=it, user=world.tutor)) == "refused"


def test_leaving_early_says_why(world: Scene) -> None:
    jamal = member_of(running(world), world.student)
    assert changed(world.tutor, jamal, ends_on=localdate()) == "refused"
    assert changed(world.tutor, jamal, ends_on=localdate() - dt.timedelta(days=90), left_why="Moved") == "refused"
    assert changed(world.tutor, jamal, ends_on=localdate(), left_why="Moved") == "done"
    assert changed(world.tutor, jamal, outcome=3) == "refused"
