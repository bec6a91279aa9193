"""What a wrong view could break, tried by raw SQL as the web role with the actor's own token (decision 0006)."""

import datetime as dt
import uuid
from typing import Any
from unittest import mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import House, School, User
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, scene
from tutoring.conduct.enums import ENTERED_HERE
from tutoring.conduct.models import ConductEntry, ConductType
from tutoring.progress.models import BehaviourEvent

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
REFUSED = "refused"


def tried(user: User, sql: str, *values: Any) -> int | str:
    """How many rows it touched, or REFUSED; undone afterwards."""
    with acting_as(Actor(user_id=user.pk)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, values)
                touched = cursor.rowcount
                transaction.set_rollback(True)
                return touched
        except DatabaseError as error:
            return REFUSED if getattr(error.__cause__, "sqlstate", "") == "42501" else str(error)


def entered(by: User, author: User, student: Student, kind: ConductType, **columns: Any) -> int | str:
    row = {
        "id": uuid.uuid4(), "student_id": student.pk, "type_id": kind.pk, "author_id": author.pk,
        "submission": uuid.uuid4(), "day": localdate(), "comment": "", "follow_up_words": "", "withdrawn_reason": "",
        "created_at": timezone.now(),
    } | columns  # fmt: skip
    places = ", ".join(["%s"] * len(row))
    return tried(by, f"INSERT INTO conduct_conductentry ({', '.join(row)}) VALUES ({places})", *row.values())


@pytest.fixture
def world() -> Scene:
    return scene()


@pytest.fixture
def kind(world: Scene) -> ConductType:
    return ConductType.objects.get(school=world.group.school, name="Praise point")


def test_one_enters_in_ones_own_name_for_students_one_sees(world: Scene, kind: ConductType) -> None:
    tutor, stranger = world.tutor, make.student_in(make.TutorGroupFactory.create(name="10CUR"))
    assert entered(tutor, tutor, world.student, kind) == 1
    assert entered(tutor, make.person(Role.HEADTEACHER), world.student, kind) == REFUSED
    assert entered(tutor, tutor, stranger, kind) == REFUSED
    office = make.person(Role.ATTENDANCE_OFFICER)
    assert entered(office, office, world.student, kind) == REFUSED
    withdrawn = {"withdrawn_at": timezone.now(), "withdrawn_reason": "?"}
    assert entered(tutor, tutor, world.student, kind, **withdrawn) == REFUSED


def test_a_type_of_another_house_or_school_is_not_given(world: Scene) -> None:
    tutor, school = world.tutor, world.group.school
    curie = make.HouseFactory.create(school=school, name="Curie")
    theirs = make.ConductTypeFactory.create(school=school, house=curie, name="Theirs")
    offered = make.ConductTypeFactory.create(school=school, house=curie, name="Offered", shared=True)
    elsewhere = ConductType.objects.filter(school=make.SchoolFactory.create(name="Elsewhere"))[0]
    assert entered(tutor, tutor, world.student, theirs) == REFUSED
    assert entered(tutor, tutor, world.student, elsewhere) == REFUSED
    assert entered(tutor, tutor, world.student, offered) == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [("comment", "'Otherwise'"), ("day", "day - 1"), ("follow_up_on", "current_date"), ("created_at", "now()")],
)
def test_what_an_entry_says_stays(world: Scene, kind: ConductType, column: str, value: str) -> None:
    make.ConductEntryFactory.create(student=world.student, author=world.tutor, type=kind)
    assert tried(world.tutor, f"UPDATE conduct_conductentry SET {column} = {value}") == REFUSED


def test_only_its_author_withdraws_only_that_day_and_for_good(world: Scene, kind: ConductType) -> None:
    entry = make.ConductEntryFactory.create(student=world.student, author=world.tutor, type=kind)
    take_back = "UPDATE conduct_conductentry SET withdrawn_at = now(), withdrawn_reason = 'x' WHERE id = %s"
    give_back = "UPDATE conduct_conductentry SET withdrawn_at = NULL, withdrawn_reason = '' WHERE id = %s"
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    assert tried(head, take_back, entry.pk) == 0
    assert tried(world.tutor, take_back, entry.pk) == 1
    assert tried(world.tutor, "DELETE FROM conduct_conductentry") == REFUSED
    ConductEntry.objects.filter(pk=entry.pk).update(withdrawn_at=timezone.now(), withdrawn_reason="Wrong one")
    assert tried(world.tutor, give_back, entry.pk) == REFUSED
    with mock.patch("django.utils.timezone.now", return_value=timezone.now() - 2 * DAY):
        old = make.ConductEntryFactory.create(student=world.student, author=world.tutor, type=kind)
    assert tried(world.tutor, take_back, old.pk) == REFUSED


def test_a_follow_up_stays_as_it_was_written(world: Scene, kind: ConductType) -> None:
    entry = make.ConductEntryFactory.create(student=world.student, author=world.tutor, type=kind)
    say = "UPDATE conduct_conductentry SET followed_up_on = current_date, follow_up_words = %s WHERE id = %s"
    assert tried(world.tutor, say, "Done", entry.pk) == 1
    ConductEntry.objects.filter(pk=entry.pk).update(followed_up_on=localdate(), follow_up_words="Done")
    assert tried(world.tutor, say, "Otherwise", entry.pk) == REFUSED


def test_nobody_writes_a_behaviour_event_by_hand_and_imports_leave_ours_alone(world: Scene, kind: ConductType) -> None:
    entry = make.ConductEntryFactory.create(student=world.student, author=world.tutor, type=kind)
    imported = make.BehaviourEventFactory.create(student=world.student)
    office, touch = make.person(Role.DATA_MANAGER), "UPDATE progress_behaviourevent SET comment = 'x' WHERE id = %s"
    for event in (entry, imported):
        assert tried(world.tutor, touch, event.pk) == 0
        assert tried(world.tutor, "DELETE FROM progress_behaviourevent WHERE id = %s", event.pk) == 0
    assert tried(office, touch, imported.pk) == 1
    assert tried(office, touch, entry.pk) == 0
    assert tried(office, "DELETE FROM progress_behaviourevent WHERE id = %s", entry.pk) == 0
    by_hand = """INSERT INTO progress_behaviourevent
      (id, student_id, date, kind, category, points, staff_code, comment, number)
      VALUES (gen_random_uuid(), %s, current_date, 'positive', 'x', 1, %s, '', 7)"""
    assert tried(world.tutor, by_hand, world.student.pk, "") == REFUSED
    assert tried(office, by_hand, world.student.pk, ENTERED_HERE) == REFUSED
    assert tried(office, by_hand, world.student.pk, "ABC") == 1
    assert BehaviourEvent.objects.count() == 2


def test_a_check_is_made_in_ones_own_name_and_its_exceptions_are_its_authors(world: Scene) -> None:
    tutor, cotutor = world.tutor, make.person(Role.TUTOR, group=world.group)
    other = make.TutorGroupFactory.create(name="10CUR")
    make.student_in(other)
    made = """INSERT INTO conduct_plannercheck (id, group_id, day, by_id, submission, created_at)
      VALUES (gen_random_uuid(), %s, current_date, %s, gen_random_uuid(), now())"""
    assert tried(tutor, made, world.group.pk, tutor.pk) == 1
    assert tried(tutor, made, world.group.pk, cotutor.pk) == REFUSED
    assert tried(tutor, made, other.pk, tutor.pk) == REFUSED
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group)
    assert tried(teacher, made, world.group.pk, teacher.pk) == REFUSED
    check = make.PlannerCheckFactory.create(group=world.group, by=tutor)
    exception = make.PlannerExceptionFactory.create(check_of=check, student=world.student)
    change = "UPDATE conduct_plannerexception SET words = 'x' WHERE id = %s"
    assert tried(tutor, change, exception.pk) == 1
    assert tried(cotutor, change, exception.pk) == 0
    moved = "UPDATE conduct_plannerexception SET student_id = %s WHERE id = %s"
    assert tried(tutor, moved, world.classmate.pk, exception.pk) == REFUSED
    assert tried(tutor, "UPDATE conduct_plannercheck SET day = day - 1") == REFUSED
    assert tried(tutor, "DELETE FROM conduct_plannercheck") == REFUSED


def test_a_reward_does_not_become_a_sanction(world: Scene, kind: ConductType) -> None:
    head = make.person(Role.HEADTEACHER)
    assert tried(head, "UPDATE conduct_conducttype SET kind = 'negative' WHERE id = %s", kind.pk) == REFUSED
    assert tried(head, "UPDATE conduct_conducttype SET points = 9 WHERE id = %s", kind.pk) == 1
    assert tried(world.tutor, "UPDATE conduct_conducttype SET points = 9 WHERE id = %s", kind.pk) == 0


def test_a_house_keeps_its_own_and_nobody_anothers(world: Scene, kind: ConductType) -> None:
    """Duty 42: whoever leads a house adds and changes its own, no other’s and none of the school’s."""
    school, ours = world.group.school, world.group.house
    curie = make.HouseFactory.create(school=school, name="Curie")
    own, theirs = (make.ConductTypeFactory.create(school=school, house=house, name="Cup") for house in (ours, curie))
    head, deputy = make.person(Role.HEAD_OF_HOUSE, house=ours), make.person(Role.DEPUTY_HEAD_OF_HOUSE, house=ours)
    change = "UPDATE conduct_conducttype SET points = 9 WHERE id = %s"
    for user in (head, deputy, make.cover_of(head).user):
        assert tried(user, change, own.pk) == added(user, ours) == 1
        for other in (theirs, kind):
            assert tried(user, change, other.pk) == 0
            assert added(user, other.house) == REFUSED
        for house in (curie, None):
            moved = "UPDATE conduct_conducttype SET house_id = %s WHERE id = %s"
            assert tried(user, moved, house and house.pk, own.pk) == REFUSED
            assert tried(user, moved, ours.pk, (house and theirs.pk) or kind.pk) == 0
    year = make.person(Role.HEAD_OF_HOUSE, house=ours, year_group=9)
    over = make.person(Role.HEAD_OF_HOUSE)
    over.memberships.update(house=ours, starts_on=localdate() - 9 * DAY, ends_on=localdate() - DAY)
    for user in (year, over, world.tutor, make.person(Role.HEAD_OF_YEAR, house=ours), make.person(Role.DSL)):
        assert tried(user, change, own.pk) == 0
        assert added(user, ours) == REFUSED
    abroad = make.HouseFactory.create(school=make.SchoolFactory.create(name="Elsewhere"), name="Abroad")
    office = make.person(Role.DATA_MANAGER)
    for other in (own, theirs, kind):
        assert tried(office, change, other.pk) == added(office, other.house) == 1
    assert added(office, abroad, school=abroad.school) == added(head, abroad, school=abroad.school) == REFUSED


def test_one_is_made_from_what_is_shared_alone_and_none_is_deleted(world: Scene, kind: ConductType) -> None:
    """Duty 42: from another house's that is shared and in use; where it came from stays; ended, never deleted."""
    school, ours = world.group.school, world.group.house
    curie = make.HouseFactory.create(school=school, name="Curie")
    abroad = make.HouseFactory.create(school=make.SchoolFactory.create(name="Elsewhere"), name="Abroad")
    head = make.person(Role.HEAD_OF_HOUSE, house=ours)
    shared, hidden, ended, foreign = (
        make.ConductTypeFactory.create(school=house.school, house=house, name=name, shared=is_shared, is_active=active)
        for house, name, is_shared, active in (
            (curie, "Shared", True, True),
            (curie, "Hidden", False, True),
            (curie, "Ended", True, False),
            (abroad, "Foreign", True, True),
        )
    )
    assert added(head, ours, source=shared) == 1
    for source in (hidden, ended, foreign, kind):
        assert added(head, ours, source=source) == REFUSED
    copy = make.ConductTypeFactory.create(school=school, house=ours, name="Copy", copied_from=shared)
    forget = "UPDATE conduct_conducttype SET copied_from_id = NULL WHERE id = %s"
    for user in (head, make.person(Role.DATA_MANAGER)):
        assert tried(user, forget, copy.pk) == REFUSED
        assert tried(user, "DELETE FROM conduct_conducttype WHERE id = %s", copy.pk) == REFUSED


def test_whoever_writes_the_demo_and_migrations_is_not_asked(world: Scene) -> None:
    """As the owner of the tables nobody acts: what is written there is asked of nobody (a restore, an upgrade)."""
    made = make.ConductTypeFactory.create(school=world.group.school, house=world.group.house, name="Cup")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE conduct_conducttype SET points = 9, name = 'Star' WHERE id = %s", [made.pk])
        assert cursor.rowcount == 1
        cursor.execute("DELETE FROM conduct_conducttype WHERE id = %s", [made.pk])
        assert cursor.rowcount == 1


def added(by: User, house: House | None, source: ConductType | None = None, school: School | None = None) -> int | str:
    """A reward of that house, past every view."""
    row = {
        "id": uuid.uuid4(), "school_id": (school or by.school).pk, "house_id": house and house.pk, "shared": False,
        "kind": "positive", "name": "New", "points": 1, "position": 1, "is_active": True,
        "copied_from_id": source and source.pk,
    }  # fmt: skip
    places = ", ".join(["%s"] * len(row))
    return tried(by, f"INSERT INTO conduct_conducttype ({', '.join(row)}) VALUES ({places})", *row.values())
