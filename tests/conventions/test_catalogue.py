"""The check of the catalogue passes as things stand, and sees each of the holes it is there for."""

import pytest
from django.core.checks import CheckMessage, Tags, run_checks
from django.db import connection

from accounts.permissions import ROLES_WITH, Permission
from core.acting import Actor, acting_as
from tests.database import as_owner

pytestmark = pytest.mark.django_db
DEFINER = "SET ROLE waymark_definer;"


def complaints() -> list[CheckMessage]:
    with acting_as(Actor()):
        return run_checks(tags=[Tags.database], databases=["default"])


def test_the_database_is_locked() -> None:
    assert complaints() == []


HOLES = {
    "CREATE TABLE lunch (id int, student_id uuid)": "lunch has no forced row-level security",
    "CREATE TABLE lunch (id uuid REFERENCES tutor_sessions_tutorsession)": "lunch has no forced row-level security",
    "ALTER TABLE students_student NO FORCE ROW LEVEL SECURITY": "students_student has no forced",
    "ALTER TABLE students_contact DISABLE ROW LEVEL SECURITY": "students_contact has no forced",
    "DROP POLICY may_select ON students_contact": "students_contact SELECT may be used by the web role",
    "DROP POLICY actor_bound ON tutor_sessions_nextstep": "tutor_sessions_nextstep answers without an actor",
    "CREATE POLICY open ON students_contact USING (true)": "students_contact.open is a policy for everybody",
    "CREATE POLICY slow ON students_contact TO waymark_web USING (guard.sees_all('x'))": "slow calls a function",
    "CREATE POLICY lone ON students_contact TO waymark_web USING ((SELECT guard.sees_all('x')))": "lone asks guard",
    "CREATE POLICY amiss ON students_contact TO waymark_web USING ((SELECT guard.sees_all('x'))"
    " OR student_id IN (SELECT guard.students_seen('y')))": "amiss asks guard.sees_all without",
    "CREATE VIEW everybody AS SELECT * FROM students_student": "everybody is a view that shows rows past",
    "CREATE MATERIALIZED VIEW copied AS SELECT 1 AS one": "copied is a materialised view",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'": "mine() runs with its owner's",
    DEFINER + "GRANT EXECUTE ON FUNCTION guard.uid() TO PUBLIC": "guard.uid() is a function of guard that everybody",
    "GRANT CREATE ON SCHEMA public TO waymark_web": "waymark_web is a role of the running service that may too much",
    "GRANT TRUNCATE ON students_student TO waymark_web": "students_student may be truncated",
    DEFINER + "DELETE FROM guard.role_scope": "The scopes in the database differ",
}


@pytest.mark.parametrize("hole", HOLES)
def test_a_hole_is_seen(hole: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(hole)
    assert HOLES[hole] in " ".join(message.msg for message in complaints())


def test_a_permission_the_database_has_not_heard_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ROLES_WITH, Permission.VIEW_FAMILY)
    assert "The permissions in the database differ" in " ".join(message.msg for message in complaints())
