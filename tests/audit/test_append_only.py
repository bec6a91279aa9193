"""What is on the record stays as it was written."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.enums import Role
from audit.services import record
from tests.audit.sealer import as_owner, as_role, as_sealer
from tests.factories import StudentFactory, person

pytestmark = pytest.mark.django_db


def test_an_event_says_who_did_what_to_whom() -> None:
    tutor, student = person(Role.TUTOR), StudentFactory.create()
    event = record("session.logged", by=tutor, obj=student, steps=2)
    event.refresh_from_db()
    assert (event.actor_id, event.actor_name, event.school_id) == (tutor.pk, str(tutor), tutor.school_id)
    assert (event.object_type, event.object_id, event.detail) == ("students.Student", str(student.pk), {"steps": 2})


def test_the_system_acts_under_its_own_name() -> None:
    assert record("reports.swept", by=None).actor_name == "system"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_seal (n, at, count, root, prev, mac) VALUES (9, now(), 0, '', '', '')",
        "INSERT INTO audit_sealed (event_id, seal_id, hash) VALUES (gen_random_uuid(), 1, '')",
        "INSERT INTO audit_anchor (id, at, seal_id, sent_to) VALUES (gen_random_uuid(), now(), 1, '')",
        "SELECT * FROM audit_sealed",
        "UPDATE audit_event SET action = ''",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
    ],
)
def test_the_web_role_neither_seals_nor_changes(statement: str) -> None:
    with (
        as_role("waymark_web"),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["audit_event", "audit_seal", "audit_sealed", "audit_anchor"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_not_even_the_owner_removes_anything(table: str, statement: str) -> None:
    with (
        as_owner(),
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_event (id, at, actor_name, action, object_type, object_id, detail) "
        "VALUES (gen_random_uuid(), now(), '', '', '', '', '{}')",
        "UPDATE audit_seal SET count = 0",
        "DELETE FROM audit_sealed",
        "SELECT * FROM accounts_user",
        "SELECT * FROM students_student",
    ],
)
def test_the_sealer_may_do_nothing_else(statement: str) -> None:
    with (
        as_sealer(),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
