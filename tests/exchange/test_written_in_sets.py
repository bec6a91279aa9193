"""Imports and the demo school are written under forced policies and without the right to temporary tables."""

import datetime as dt

import pytest
from django.db import connection

from accounts.enums import Role
from accounts.models import School
from core.acting import Actor, acting_as
from exchange.demo_school.school import make_school
from exchange.findings import Report
from exchange.importing import Wish, import_folder
from students.models import Student
from tests import factories as make
from tests.exchange.conftest import NORTHGATE
from tutoring.attendance.models import Mark
from tutoring.sessions.models import TutorSession

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_temporary_tables")]
REFUSES_COPY = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = 'attendance_mark'"


@pytest.fixture
def no_temporary_tables(db: None) -> None:
    """As in a school's database; a fresh test database lets everybody make them."""
    with connection.cursor() as cursor:
        cursor.execute(f'REVOKE TEMPORARY ON DATABASE "{connection.settings_dict["NAME"]}" FROM PUBLIC')
        cursor.execute(REFUSES_COPY)
        assert cursor.fetchone() == (True,)


def test_a_data_manager_imports_changes_and_repeats_as_the_web_role() -> None:
    school = make.SchoolFactory.create(name="Northgate School")
    manager = make.person(Role.DATA_MANAGER, school=school)

    def run() -> Report:
        with acting_as(Actor(user_id=manager.pk)):
            report = import_folder(folder=NORTHGATE, school=school, wish=Wish(dry_run=False), by=manager)
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_user")
                assert cursor.fetchone() == ("waymark_web",)
        return report

    assert run().applied
    assert Student.objects.filter(marks__isnull=False).distinct().count() == 10
    Mark.objects.update(code="?")
    again = next(f for f in run().files if f.kind == "attendance")
    assert (again.made, again.changed) == (0, Mark.objects.count())
    assert not Mark.objects.filter(code="?").exists()


def test_the_demo_school_is_written_whole() -> None:
    counts = make_school(name="Elsewhere School", students=20, seed=1, today=dt.date(2026, 11, 22))
    assert School.objects.get().name == "Elsewhere School"
    assert Mark.objects.count() == counts["attendance.Mark"] > 0
    # Lists of words, which an array of arrays would have lost.
    assert TutorSession.objects.exclude(topics=[]).exists()
    assert not Mark.objects.exclude(code__regex=r"^([A-Z#/\\][12346]?)$").exists()
