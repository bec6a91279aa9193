"""What is kept of whom a person reaches holds until something it follows from has changed, and not a moment longer."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from core.acting import Actor, acting_as, signed_token
from core.ids import UUID
from students.models import Student
from tests import factories as make
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment

pytestmark = pytest.mark.django_db
HIDE = "DELETE FROM guard.role_permission WHERE permission = 'students.view_student'"


@dataclass(frozen=True)
class People:
    """A tutor with a student in a group and one alone, a head with a house of students, and one who sees everybody."""

    tutor: User
    head: User
    dsl: User
    in_group: Student
    alone: Student


@pytest.fixture
def people() -> People:
    house = make.HouseFactory.create()
    group = make.TutorGroupFactory.create(house=house)
    tutor = make.person(Role.TUTOR, group=group)
    alone = make.StudentFactory.create()
    make.CaseloadEntryFactory.create(membership=tutor.memberships.get(), student=alone)
    return People(
        tutor, make.person(Role.HEAD_OF_HOUSE, house=house), make.person(Role.DSL), make.student_in(group), alone
    )


def seen_by(user: User) -> set[UUID]:
    with acting_as(Actor(user_id=user.pk)):
        return set(Student.objects.values_list("pk", flat=True))


@contextmanager
def as_definer() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
        cursor.execute("SET ROLE waymark_definer")
        yield
        cursor.execute(f"SET ROLE {owner}")


def asked(sql: str) -> int:
    with as_definer(), connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0]) if cursor.description else 0


def _moved(people: People) -> None:
    people.in_group.house = make.HouseFactory.create(name="Curie")
    people.in_group.save()


def _ended(model: type[TutorAssignment] | type[GroupMembership] | type[CaseloadEntry]) -> Callable[[People], None]:
    return lambda people: model.objects.update(ends_on=timezone.localdate() - dt.timedelta(days=1)) and None


CHANGES: dict[str, tuple[str, Callable[[People], None]]] = {
    "accounts_user": ("tutor", lambda people: User.objects.update(is_active=False) and None),
    "accounts_membership": ("tutor", lambda people: Membership.objects.all().delete() and None),
    "students_student": ("head", _moved),
    "groups_tutorassignment": ("tutor", _ended(TutorAssignment)),
    "groups_groupmembership": ("tutor", _ended(GroupMembership)),
    "groups_caseloadentry": ("tutor", _ended(CaseloadEntry)),
    "guard.role_permission": ("dsl", lambda people: asked(HIDE) and None),
    "guard.role_scope": ("tutor", lambda people: asked("UPDATE guard.role_scope SET scope = 'house'") and None),
}


@pytest.mark.parametrize("table", CHANGES)
def test_what_changes_shows_at_once(people: People, table: str) -> None:
    who, change = CHANGES[table]
    user = getattr(people, who)
    before = seen_by(user)
    change(people)
    assert seen_by(user) != before


@pytest.mark.parametrize("table", CHANGES)
def test_without_its_trigger_it_would_not(people: People, table: str) -> None:
    """The control: what is kept is indeed used, so each trigger is needed."""
    who, change = CHANGES[table]
    user = getattr(people, who)
    before = seen_by(user)
    for one in CHANGES if table == "accounts_membership" else [table]:  # going, they take what is tied to them along
        with as_definer() if one.startswith("guard") else transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER marks_sight ON {one}")
    change(people)
    assert seen_by(user) == before


@pytest.mark.parametrize("triggers_stand", [True, False])
def test_a_second_school_shows_nothing_to_those_who_saw_all_there_are(people: People, triggers_stand: bool) -> None:
    before = seen_by(people.dsl)
    if not triggers_stand:  # the control
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER marks_sight ON accounts_school; DROP TRIGGER marks_sight ON students_student")
    make.StudentFactory.create(school=make.SchoolFactory.create(name="Elsewhere"))
    assert (seen_by(people.dsl) == before) is triggers_stand


def groups_of(user: User, permission: str = "students.view_student") -> set[UUID]:
    with acting_as(Actor(user_id=user.pk)), connection.cursor() as cursor:
        cursor.execute("SELECT guard.groups_seen(%s)", [permission])
        return {row[0] for row in cursor.fetchall()}


def test_groups_are_those_of_the_students_seen_today(people: People) -> None:
    place = GroupMembership.objects.get()
    elsewhere = make.student_in(make.TutorGroupFactory.create(name="11CUR"))
    theirs = GroupMembership.objects.get(student=elsewhere)
    seen = {name: {place.group_id} for name in ("tutor", "head")} | {"dsl": {place.group_id, theirs.group_id}}
    for _ in range(2):  # worked out, and kept
        assert {name: groups_of(getattr(people, name)) for name in seen} == seen
    assert groups_of(people.tutor, "exchange.import_data") == set()
    alone = make.person(Role.ONE_TO_ONE_TUTOR)
    make.CaseloadEntryFactory.create(membership=alone.memberships.get(), student=elsewhere)
    assert groups_of(alone) == {theirs.group_id}, "whoever has one student sees the group of that student"
    GroupMembership.objects.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    for _ in range(2):
        assert [groups_of(user) for user in (people.tutor, people.head, people.dsl, alone)] == [set()] * 4


def test_groups_thrown_away_under_our_feet_are_worked_out_again(people: People) -> None:
    with acting_as(Actor(user_id=people.tutor.pk)):
        before = groups_of(people.tutor)
        asked("DELETE FROM guard.sight RETURNING 1")
        assert groups_of(people.tutor) == before == {GroupMembership.objects.get().group_id}


@pytest.mark.parametrize("note", ["", "||||||;", "a=b", ";students.view_student=;"])
def test_a_note_that_denies_takes_nothing(people: People, note: str) -> None:
    """`guard.sees_all` says no by the note unchecked: whoever sees everybody still does, by `guard.students_seen`."""
    with acting_as(Actor(user_id=people.dsl.pk)), transaction.atomic(), connection.cursor() as cursor:
        everybody = Student.objects.count()
        cursor.execute("SELECT set_config('waymark.known', %s, true)", [note])
        assert Student.objects.count() == everybody == 2


def test_the_note_of_one_is_not_the_next_ones(people: People) -> None:
    with transaction.atomic():
        for user, number in ((people.tutor, 2), (people.dsl, 2), (people.head, 1), (people.dsl, 2), (people.head, 1)):
            assert len(seen_by(user)) == number


def test_it_is_kept_once_and_for_the_day(people: People) -> None:
    for _ in range(3):
        assert seen_by(people.tutor) == {people.in_group.pk, people.alone.pk}
    assert asked("SELECT count(*) FROM guard.sight") == 1
    CaseloadEntry.objects.update(ends_on=timezone.localdate())
    assert seen_by(people.tutor) == {people.in_group.pk, people.alone.pk}
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with mock.patch("django.utils.timezone.localdate", return_value=tomorrow):
        assert seen_by(people.tutor) == {people.in_group.pk}
    assert asked("SELECT count(*) FROM guard.sight") == 1, "what was kept before is thrown away"


def test_thrown_away_under_our_feet_it_is_worked_out_again(people: People) -> None:
    with acting_as(Actor(user_id=people.tutor.pk)):
        before = set(Student.objects.values_list("pk", flat=True))
        asked("DELETE FROM guard.sight RETURNING 1")
        assert set(Student.objects.values_list("pk", flat=True)) == before == {people.in_group.pk, people.alone.pk}


@pytest.mark.django_db(transaction=True)
def test_what_others_have_not_committed_yet_is_not_kept_for_later(people: People) -> None:
    with _another_connection() as other:
        other.execute("UPDATE groups_caseloadentry SET ends_on = '2026-01-01'")
        assert seen_by(people.tutor) == {people.in_group.pk, people.alone.pk}, "kept while the other was at it"
        other.commit()
    assert seen_by(people.tutor) == {people.in_group.pk}


@pytest.mark.django_db(transaction=True)
def test_where_nothing_may_be_written_nothing_is_kept(people: People) -> None:
    with _another_connection() as other, acting_as(Actor(user_id=people.tutor.pk)):
        other.execute("SET TRANSACTION READ ONLY")
        other.execute("SET LOCAL ROLE waymark_web")
        other.execute("SELECT set_config('waymark.actor', %s, true)", [signed_token()])
        assert len(other.execute("SELECT id FROM students_student").fetchall()) == 2
    assert asked("SELECT count(*) FROM guard.sight") == 0


@contextmanager
def _another_connection() -> Iterator[psycopg.Connection]:
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SET ROLE waymark_owner")
        other.commit()
        yield other
