"""What a wrong view could break in a register, tried by raw SQL as the web role with the actor's own token."""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, scene
from tutoring.attendance.models import Mark, Register

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WEDNESDAY = dt.date(2026, 11, 18)
REFUSED = "refused"


@pytest.fixture(autouse=True)
def at_registration() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 18, 8, 40, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def world(at_registration: Any) -> Scene:
    return scene()


def tried(user: User, *statements: tuple[str, list[Any]]) -> int | str:
    """How many rows the last one touched, REFUSED by a policy, or what a trigger says; undone afterwards."""
    with acting_as(Actor(user_id=user.pk)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for sql, values in statements:
                    cursor.execute(sql, values)
                touched = cursor.rowcount
                transaction.set_rollback(True)
                return touched
        except DatabaseError as error:
            return REFUSED if getattr(error.__cause__, "sqlstate", "") == "42501" else str(error).partition("\n")[0]


def row(table: str, **values: Any) -> tuple[str, list[Any]]:
    places = ", ".join(["%s"] * len(values))
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", list(values.values())


def register(world: Scene, by: User, **values: Any) -> tuple[str, list[Any]]:
    given = {"id": uuid.uuid4(), "group_id": world.group.pk, "day": WEDNESDAY, "session": "AM", "by_id": by.pk}
    return row("attendance_register", **given | {"submission": uuid.uuid4(), "created_at": timezone.now()} | values)


def entry(taken: Register, by: User, student: Student, **values: Any) -> tuple[str, list[Any]]:
    given = {"id": uuid.uuid4(), "register_id": taken.pk, "student_id": student.pk, "by_id": by.pk, "code": "N"}
    return row("attendance_registerentry", **given | {"reason": "", "created_at": timezone.now()} | values)


def mark(student: Student, **values: Any) -> tuple[str, list[Any]]:
    given = {"student_id": student.pk, "date": WEDNESDAY, "session": "AM", "code": "N", "comment": ""}
    return row("attendance_mark", **given | values)


def taken(world: Scene, day: dt.date = WEDNESDAY) -> Register:
    return make.RegisterFactory.create(group=world.group, by=world.tutor, day=day)


def test_a_register_is_taken_in_ones_own_name_for_ones_own_group(world: Scene) -> None:
    stranger = make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="10CUR"))
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group)
    assert tried(world.tutor, register(world, world.tutor)) == 1
    assert tried(world.tutor, register(world, stranger)) == REFUSED
    assert tried(stranger, register(world, stranger)) == REFUSED
    assert tried(teacher, register(world, teacher)) == REFUSED


def test_a_register_is_of_a_school_day_and_not_ahead_of_time(world: Scene) -> None:
    wrong = "a register is of a school day"
    make.ClosureFactory.create(school=world.group.school, date=WEDNESDAY - DAY, reason="INSET")
    for day in (WEDNESDAY + DAY, WEDNESDAY - DAY, WEDNESDAY - 4 * DAY):  # ahead, closed, a Saturday
        assert wrong in str(tried(world.tutor, register(world, world.tutor, day=day)))
    assert tried(world.tutor, register(world, world.tutor, day=WEDNESDAY - 5 * DAY)) == 1
    world.term.break_starts_on, world.term.break_ends_on = WEDNESDAY - 6 * DAY, WEDNESDAY - 5 * DAY
    world.term.save()
    assert wrong in str(tried(world.tutor, register(world, world.tutor, day=WEDNESDAY - 5 * DAY)))


def test_an_entry_is_of_a_student_of_the_group_with_a_code_of_the_day(world: Scene) -> None:
    now, wrong = taken(world), "a student of the group"
    elsewhere = make.student_in(make.TutorGroupFactory.create(name="10CUR"))
    head = make.person(Role.HEADTEACHER)
    assert tried(world.tutor, entry(now, world.tutor, world.student)) == 1
    assert tried(world.tutor, entry(now, world.tutor, elsewhere)) == REFUSED
    assert wrong in str(tried(head, entry(now, head, elsewhere)))
    for code in ("Z", "#", "\\", "H", "?"):
        assert wrong in str(tried(world.tutor, entry(now, world.tutor, world.student, code=code)))
    minutes = tried(world.tutor, entry(now, world.tutor, world.student, minutes_late=5))
    assert "register_minutes_of_the_late" in str(minutes)


def test_what_was_said_stays(world: Scene) -> None:
    said = make.RegisterEntryFactory.create(register=taken(world), student=world.student)
    assert tried(world.tutor, ("UPDATE attendance_registerentry SET code = 'I' WHERE id = %s", [said.pk])) == REFUSED
    assert tried(world.tutor, ("DELETE FROM attendance_registerentry WHERE id = %s", [said.pk])) == REFUSED
    assert tried(world.tutor, ("UPDATE attendance_register SET day = day - 1", [])) == REFUSED


def test_a_mark_is_given_by_what_was_said_before_and_by_whoever_said_it(world: Scene) -> None:
    now, wrong = taken(world), "a mark is given by what was said"
    said, me = entry(now, world.tutor, world.student), world.tutor
    assert wrong in str(tried(me, mark(world.student)))
    assert tried(me, said, mark(world.student)) == 1
    assert wrong in str(tried(me, said, mark(world.student, code="I")))
    assert wrong in str(tried(me, said, mark(world.student, comment="Rang")))
    assert wrong in str(tried(me, said, mark(world.student, session="PM")))
    head = make.person(Role.HEADTEACHER)
    make.RegisterEntryFactory.create(register=now, student=world.student, by=me, code="N")
    assert wrong in str(tried(head, mark(world.student)))
    later = {"code": "I", "created_at": timezone.now() + DAY}
    assert wrong in str(tried(me, entry(now, me, world.student, **later), mark(world.student)))
    stranger = make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="10CUR"))
    assert tried(stranger, mark(world.student)) == REFUSED
    manager = make.person(Role.DATA_MANAGER)
    assert tried(manager, mark(world.student)) == 1


def test_a_mark_is_changed_by_what_was_said_and_taken_away_by_an_import_only(world: Scene) -> None:
    now, me = taken(world), world.tutor
    make.MarkFactory.create(student=world.student, date=WEDNESDAY, code="/")
    change: tuple[str, list[Any]] = ("UPDATE attendance_mark SET code = 'N'", [])
    assert "a mark is given by what was said" in str(tried(me, change))
    assert tried(me, entry(now, me, world.student), change) == 1
    assert tried(me, ("UPDATE attendance_mark SET code = code", [])) == 1
    assert tried(me, ("UPDATE attendance_mark SET student_id = %s", [world.classmate.pk])) == REFUSED
    assert tried(me, ("DELETE FROM attendance_mark", [])) == 0
    assert Mark.objects.get().code == "/"


def test_a_past_mark_is_corrected_with_a_reason(world: Scene) -> None:
    before, me = taken(world, WEDNESDAY - DAY), world.tutor
    make.MarkFactory.create(student=world.student, date=WEDNESDAY - DAY, code="/")
    assert "a reason to correct" in str(tried(me, entry(before, me, world.student)))
    assert tried(me, entry(before, me, world.student, reason="Seen in town")) == 1
    assert tried(me, entry(before, me, world.student, code="/")) == 1  # as it stands
    assert tried(me, entry(before, me, world.classmate)) == 1  # no mark yet: taken late


def test_counts_follow_marks_and_are_written_by_nobody(world: Scene) -> None:
    make.MarkFactory.create(student=world.student, date=WEDNESDAY, code="N")
    assert tried(world.tutor, ("UPDATE attendance_weekcount SET attended = 10", [])) == 0
    new = row("attendance_weekcount", student_id=world.classmate.pk, week=WEDNESDAY - 2 * DAY, possible=1, attended=1,
              authorised=0, unauthorised=0, arrivals=1, late=0, notice=0, unknown=0)  # fmt: skip
    assert tried(world.tutor, new) == REFUSED
