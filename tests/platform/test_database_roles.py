"""Who the tests are in the database: the web role, which is no superuser and owns nothing."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import School
from tests.database import as_owner

pytestmark = pytest.mark.django_db


def _answer(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row and len(row) == 1 else row


def test_we_are_the_web_role_and_no_superuser() -> None:
    found = _answer("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    assert found == ("waymark_web", False, False)


def test_the_web_role_owns_nothing() -> None:
    assert _answer("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = 'waymark_web'") == 0
    assert _answer("SELECT count(*) FROM pg_proc WHERE pg_get_userbyid(proowner) = 'waymark_web'") == 0
    assert _answer("SELECT count(*) FROM pg_database WHERE pg_get_userbyid(datdba) = 'waymark_web'") == 0


def test_every_table_belongs_to_the_owner() -> None:
    sql = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    assert _answer(sql) == "waymark_owner"


@pytest.mark.parametrize(
    "forbidden",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE accounts_school ADD COLUMN mine int",
        "DROP TABLE accounts_school",
        "TRUNCATE accounts_school CASCADE",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE EXTENSION pg_trgm",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "COPY accounts_school TO PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.conf')",
    ],
)
def test_the_web_role_is_refused(forbidden: str) -> None:
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner|cannot run inside"), transaction.atomic():
        _answer(forbidden)


def test_the_web_role_reads_and_writes_rows() -> None:
    school = School.objects.create(name="Northgate")
    School.objects.filter(pk=school.pk).update(name="Southgate")
    assert School.objects.get().name == "Southgate"
    School.objects.all().delete()
    assert not School.objects.exists()


def test_as_owner_comes_back() -> None:
    with as_owner():
        assert _answer("SELECT current_user") == "waymark_owner"
    assert _answer("SELECT current_user") == "waymark_web"


@pytest.mark.django_db(transaction=True)
def test_a_committing_test_is_cleaned_up() -> None:
    School.objects.create(name="Committed")


@pytest.mark.django_db(transaction=True)
def test_and_leaves_nothing() -> None:
    assert not School.objects.exists()
