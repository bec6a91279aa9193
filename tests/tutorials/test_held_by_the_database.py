"""What a wrong view could break, tried by raw SQL as the web role with the actor's own token (decision 0006)."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from tests import factories as make
from tests.tutorials.pages import DAY, WEEK, Weekly, met, weekly
from tutoring.groups.models import GroupMembership

pytestmark = pytest.mark.django_db
REFUSED, NOT_SO = "refused", "not so"
STATES = {"42501": REFUSED, "23514": NOT_SO}


def tried(user: User, sql: str, *values: Any) -> int | str:
    """How many rows it touched, or why not; undone afterwards."""
    with acting_as(Actor(user_id=user.pk)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, values)
                touched = cursor.rowcount
                transaction.set_rollback(True)
                return touched
        except DatabaseError as error:
            return STATES.get(getattr(error.__cause__, "sqlstate", ""), str(error))


def put(by: User, table: str, **row: Any) -> int | str:
    row = {"id": uuid.uuid4(), "created_at": timezone.now()} | row
    row = {name: value for name, value in row.items() if value is not None}
    places = ", ".join(["%s"] * len(row))
    return tried(by, f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())


def written(by: User, week: Weekly, day: dt.date, **columns: Any) -> int | str:
    row = {
        "series_id": week.series.pk, "day": day, "own_topic": "Quiz", "covered": "", "words": "", "note": "",
        "not_held": "", "written_by_id": by.pk,
    } | columns  # fmt: skip
    return put(by, "tutorials_meeting", **row)


@pytest.fixture
def week() -> Weekly:
    return weekly()


def stranger() -> User:
    """A tutor of another house's group with somebody in it."""
    other = make.TutorGroupFactory.create(name="10CUR", house=make.HouseFactory.create(name="Curie"))
    make.student_in(other)
    return make.person(Role.TUTOR, group=other)


def test_a_meeting_is_written_up_by_those_who_run_it_in_their_own_name(week: Weekly) -> None:
    tutor, head = week.world.tutor, make.person(Role.HEAD_OF_HOUSE, house=week.world.group.house)
    assert [written(user, week, met()) for user in (tutor, head)] == [1, 1]
    others = (make.person(Role.SENCO), stranger(), make.person(Role.DATA_MANAGER))
    assert [written(user, week, met()) for user in others] == [REFUSED] * 3
    assert written(tutor, week, met(), written_by_id=head.pk) == REFUSED


def test_a_meeting_falls_on_a_school_day(week: Weekly) -> None:
    tutor = week.world.tutor
    assert written(tutor, week, met() - DAY) == NOT_SO
    assert written(tutor, week, met() - 3 * WEEK) == NOT_SO, "before the first"
    make.ClosureFactory.create(school=week.world.group.school, date=met())
    assert written(tutor, week, met()) == NOT_SO
    week.world.term.break_starts_on = week.world.term.break_ends_on = met() - WEEK
    week.world.term.save()
    assert written(tutor, week, met() - WEEK) == NOT_SO


def test_nothing_is_covered_before_its_day(week: Weekly) -> None:
    assert written(week.world.tutor, week, met() + WEEK) == NOT_SO
    assert written(week.world.tutor, week, met() + WEEK, not_held="INSET") == 1


def test_a_topic_is_of_the_schools_own_programme(week: Weekly) -> None:
    elsewhere = make.TopicFactory.create(term=make.TermFactory.create(school=make.SchoolFactory.create(name="There")))
    assert written(week.world.tutor, week, met(), topic_id=elsewhere.pk) == NOT_SO
    assert written(week.world.tutor, week, met(), topic_id=week.topic().pk) == 1
    assert tried(week.world.tutor, "SELECT FROM tutorials_topic WHERE id = %s", elsewhere.pk) == 0


def test_only_who_was_in_the_group_that_day_was_there(week: Weekly) -> None:
    tutor, student = week.world.tutor, week.world.student
    meeting = make.MeetingFactory.create(series=week.series, day=met())
    row = {"meeting_id": meeting.pk, "mark": "late", "created_at": None}
    assert put(tutor, "tutorials_presence", student_id=student.pk, **row) == 1
    assert put(make.person(Role.SENCO), "tutorials_presence", student_id=student.pk, **row) == REFUSED
    elsewhere = make.student_in(make.TutorGroupFactory.create(name="10CUR"))
    assert put(tutor, "tutorials_presence", student_id=elsewhere.pk, **row) == REFUSED
    GroupMembership.objects.filter(student=student).update(starts_on=met() + DAY)
    with_group = week.world.classmate
    assert put(tutor, "tutorials_presence", student_id=with_group.pk, **row) == 1
    if timezone.localdate() > met():
        assert put(tutor, "tutorials_presence", student_id=student.pk, **row) == NOT_SO, "in it only since"


def test_nobody_is_marked_where_it_was_not_held(week: Weekly) -> None:
    tutor, student = week.world.tutor, week.world.student
    meeting = make.MeetingFactory.create(series=week.series, day=met())
    call_off = "UPDATE tutorials_meeting SET not_held = 'Snow' WHERE id = %s"
    assert tried(tutor, call_off, meeting.pk) == 1
    make.PresenceFactory.create(meeting=meeting, student=student)
    assert tried(tutor, call_off, meeting.pk) == NOT_SO
    fell_out = make.MeetingFactory.create(series=week.series, day=met() - WEEK, not_held="Snow")
    row = {"meeting_id": fell_out.pk, "mark": "late", "created_at": None}
    assert put(tutor, "tutorials_presence", student_id=student.pk, **row) == NOT_SO


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("meeting", "day", "day - 7"),
        ("meeting", "written_by_id", "(SELECT id FROM accounts_user WHERE email = 'other@school.example')"),
        ("series", "weekday", "(weekday + 1) % 5"),
        ("series", "starts_on", "starts_on - 7"),
        ("presence", "meeting_id", "gen_random_uuid()"),
    ],
)
def test_what_a_row_is_about_stays(week: Weekly, table: str, column: str, value: str) -> None:
    make.UserFactory.create(email="other@school.example")
    meeting = make.MeetingFactory.create(series=week.series, day=met())
    make.PresenceFactory.create(meeting=meeting, student=week.world.student)
    sql = f"UPDATE tutorials_{table} SET {column} = {value}".replace("%", "%%")
    assert tried(week.world.tutor, sql) == REFUSED


def test_what_was_written_up_is_never_deleted(week: Weekly) -> None:
    make.MeetingFactory.create(series=week.series, day=met())
    head = make.person(Role.HEAD_OF_HOUSE, house=week.world.group.house)
    for user in (week.world.tutor, head):
        assert tried(user, "DELETE FROM tutorials_meeting") == REFUSED


def test_the_programme_is_kept_by_those_who_may_for_their_own_school(week: Weekly) -> None:
    keepers = [make.person(Role.HEAD_OF_HOUSE, house=week.world.group.house), make.person(Role.DATA_MANAGER)]
    there = make.TermFactory.create(school=make.SchoolFactory.create(name="There"))
    row = {"week": 3, "title": "Debate", "cover": "", "resources": "", "tags": [], "created_at": None}
    answers = [put(user, "tutorials_topic", term_id=week.world.term.pk, **row) for user in keepers]
    assert answers == [1, 1]
    assert put(week.world.tutor, "tutorials_topic", term_id=week.world.term.pk, **row) == REFUSED
    assert put(keepers[0], "tutorials_topic", term_id=there.pk, **row) == REFUSED
