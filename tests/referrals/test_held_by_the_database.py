"""What a wrong view could not do either: tried in plain SQL as the web role, in the name of somebody real."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from tests import factories as make
from tests.sessions.pages import Scene, scene
from tutoring.referrals.models import Referral

pytestmark = pytest.mark.django_db
NOTE = """INSERT INTO referrals_referralnote (id, referral_id, student_id, by_id, submission, kind, "on", words, status,
          created_at) VALUES (%s, %s, %s, %s, %s, 'reply', CURRENT_DATE, 'x', '', now())"""
CLOSE = """UPDATE referrals_referral SET status = 'finished', closed_on = CURRENT_DATE, closed_by_id = %s,
           outcome = %s, feedback = %s, expected_by = NULL WHERE id = %s"""


def execute(user: User, sql: str, *values: Any) -> int:
    """How many rows a statement of the web role reached, acting as that person."""
    with acting_as(Actor(user_id=user.pk)), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("waymark_web",)
        cursor.execute(sql, values)
        return cursor.rowcount


def refused(user: User, sql: str, *values: Any, error: type[Exception] = DatabaseError) -> bool:
    with (
        acting_as(Actor(user_id=user.pk)), pytest.raises(error), transaction.atomic(), connection.cursor() as cursor
    ):  # fmt: skip
        cursor.execute(sql, values)
    return True


@pytest.fixture
def world() -> Scene:
    return scene()


@pytest.fixture
def referral(world: Scene) -> Referral:
    return make.ReferralFactory.create(student=world.student, referred_by=world.tutor)  # type: ignore[no-any-return]


def note(referral: Referral, by: User, **other: Any) -> tuple[Any, ...]:
    student = other.get("student", referral.student)
    return (NOTE, uuid.uuid4(), referral.pk, student.pk, other.get("name", by).pk, uuid.uuid4())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("student_id", lambda w: w.classmate.pk),
        ("agency_id", lambda w: make.AgencyFactory.create(school=w.student.school, name="Other").pk),
        ("referred_by_id", lambda w: make.person(Role.SENCO).pk),
        ("reason", lambda w: "Something else."),
        ("consent", lambda w: "parent"),
        ("consent_words", lambda w: "They rang."),
        ("sent_on", lambda w: timezone.localdate()),
    ],
)
def test_what_was_sent_stays_as_sent(
    world: Scene, referral: Referral, column: str, value: Callable[[Scene], Any]
) -> None:
    new = value(world)
    assert refused(world.tutor, f"UPDATE referrals_referral SET {column} = %s WHERE id = %s", new, referral.pk)
    assert execute(world.tutor, "UPDATE referrals_referral SET status = 'accepted' WHERE id = %s", referral.pk) == 1


@pytest.mark.parametrize("words", [("", "Told."), ("  ", "Told."), ("A room.", ""), ("A room.", "\n")])
def test_it_closes_with_an_outcome_and_feedback_only(world: Scene, referral: Referral, words: tuple[str, str]) -> None:
    assert refused(world.tutor, CLOSE, world.tutor.pk, *words, referral.pk, error=IntegrityError)
    ended = "UPDATE referrals_referral SET status = 'finished', outcome = 'x', feedback = 'x' WHERE id = %s"
    assert refused(world.tutor, ended, referral.pk, error=IntegrityError)
    assert execute(world.tutor, CLOSE, world.tutor.pk, "A room.", "Told.", referral.pk) == 1


def test_closed_it_stays_as_it_ended_but_for_being_read(world: Scene, referral: Referral) -> None:
    execute(world.tutor, CLOSE, world.tutor.pk, "A room.", "Told.", referral.pk)
    for change in ("outcome = 'No room.'", "feedback = 'x'", "status = 'sent', closed_on = NULL, closed_by_id = NULL"):
        assert refused(world.tutor, f"UPDATE referrals_referral SET {change} WHERE id = %s", referral.pk)
    assert refused(world.tutor, *note(referral, world.tutor))
    seen = "UPDATE referrals_referral SET feedback_seen_on = CURRENT_DATE WHERE id = %s"
    assert execute(world.tutor, seen, referral.pk) == 1


def test_without_consent_there_is_a_reason(world: Scene) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.ReferralFactory.create(student=world.student, consent="none", consent_words=" ")


def test_lines_are_added_in_ones_own_name_to_the_same_student_and_never_changed(
    world: Scene, referral: Referral
) -> None:
    assert execute(world.tutor, *note(referral, world.tutor)) == 1
    assert refused(world.tutor, *note(referral, world.tutor, student=world.classmate))
    assert refused(world.tutor, *note(referral, world.tutor, name=make.person(Role.SENCO)))
    for change in ("UPDATE referrals_referralnote SET words = 'y'", "DELETE FROM referrals_referralnote"):
        assert refused(world.tutor, change)
    assert refused(world.tutor, "DELETE FROM referrals_referral")


def test_who_reads_it(world: Scene, referral: Referral) -> None:
    """The team, and the key person who still sees the student; nobody who only teaches, nobody elsewhere."""
    make.ReferralNoteFactory.create(referral=referral)
    count = "SELECT 1 FROM referrals_referral r LEFT JOIN referrals_referralnote n ON n.referral_id = r.id"
    far = make.TutorGroupFactory.create(name="8CUR", house=None)
    both = make.person(Role.SUBJECT_TEACHER, group=world.group)
    make.TutorAssignmentFactory.create(membership=make.MembershipFactory.create(user=both, role=Role.TUTOR), group=far)
    readers = {
        world.tutor: 1,
        make.person(Role.HEAD_OF_HOUSE, house=world.group.house): 1,
        make.person(Role.SENCO): 1,
        make.person(Role.DSL): 1,
        make.person(Role.SUBJECT_TEACHER, group=world.group): 0,
        make.person(Role.CONTRIBUTOR, group=world.group): 0,
        make.person(Role.DATA_MANAGER): 0,
        make.person(Role.TUTOR, group=far): 0,
        both: 0,  # tutors others, only teaches this one
    }
    assert {user: execute(user, count) for user in readers} == readers
    Referral.objects.update(key_person=both)
    assert execute(both, count) == 1
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group)
    Referral.objects.update(key_person=teacher)
    assert execute(teacher, count) == 0


def test_the_directory_is_its_schools_own(world: Scene) -> None:
    there = make.SchoolFactory.create(name="Elsewhere")
    theirs = make.AgencyContactFactory.create(agency__school=there)
    ours = make.AgencyContactFactory.create(agency__school=world.student.school)
    manager, teacher = make.person(Role.DATA_MANAGER), make.person(Role.SUBJECT_TEACHER, group=world.group)
    for table, change in (("agency", "helps_with = 'x'"), ("agencycontact", "phone = 'x'")):
        for user, seen, changed in ((world.tutor, 1, 0), (manager, 1, 1), (teacher, 0, 0)):
            assert execute(user, f"SELECT 1 FROM referrals_{table}") == seen
            assert execute(user, f"UPDATE referrals_{table} SET {change}") == changed
    refer = Referral.objects.filter(agency=ours.agency)
    assert not refer.exists()
    row = make.ReferralFactory.build(
        student=world.student, referred_by=world.tutor, key_person=world.tutor, agency=theirs.agency
    )
    with acting_as(Actor(user_id=world.tutor.pk)), pytest.raises(DatabaseError), transaction.atomic():
        row.save()
