"""Who the product is in the database: the web role, which owns nothing and which policies bind.

A suite run as a superuser or as the owner would prove nothing about who sees what; so this is asked first of all.
"""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from accounts.enums import Role
from accounts.models import School
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.database import as_owner

pytestmark = pytest.mark.django_db
WHO = """SELECT current_user, rolsuper, rolbypassrls, pg_has_role(current_user, 'waymark_owner', 'USAGE')
           FROM pg_roles WHERE rolname = current_user"""
BOUND = ("waymark_web", False, False, False)


def _answer(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row and len(row) == 1 else row


@pytest.fixture
def acting() -> Iterator[None]:
    """As a tutor, bound by policies."""
    with acting_as(Actor(user_id=make.person(Role.TUTOR).pk)):
        yield


def test_whoever_acts_is_the_web_role_which_policies_bind(acting: None) -> None:
    assert _answer(WHO) == BOUND
    with as_owner():
        make.StudentFactory.create()
        assert Student.objects.count() == 1
    assert Student.objects.count() == 0


def _who_am_i(request: HttpRequest) -> HttpResponse:
    return HttpResponse(repr(_answer(WHO)))


urlpatterns = [path("who/", _who_am_i)]


@override_settings(ROOT_URLCONF=__name__)
def test_a_request_is_the_web_role(client: Client) -> None:
    client.force_login(make.person(Role.TUTOR))
    assert client.get("/who/").content.decode() == repr(BOUND)


@pytest.mark.usefixtures("acting")
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
        "CREATE TEMPORARY TABLE mine (id int)",
        "ALTER TABLE accounts_school ADD COLUMN mine int",
        "DROP TABLE accounts_school",
        "TRUNCATE accounts_school CASCADE",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE EXTENSION pg_trgm",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "COPY accounts_school TO PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT inner_pad FROM guard.actor_key",
    ],
)
@pytest.mark.usefixtures("acting")
def test_the_web_role_is_refused(forbidden: str) -> None:
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner|cannot run inside"), transaction.atomic():
        _answer(forbidden)


def test_the_web_role_reads_and_writes_rows() -> None:
    school = make.SchoolFactory.create(name="Southgate")
    with acting_as(Actor(user_id=make.person(Role.HEADTEACHER, school=school).pk)):
        School.objects.filter(pk=school.pk).update(name="Westgate")
        assert School.objects.filter(name="Westgate").exists()


@pytest.mark.usefixtures("acting")
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
