"""Imports and the demo school are written under forced policies and without the right to temporary tables."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import School
from exchange.demo_school.school import make_school
from students.models import Student
from tests.database import as_owner
from tests.exchange.conftest import NORTHGATE, Import
from tutoring.attendance.models import Mark
from tutoring.sessions.models import TutorSession


@pytest.fixture
def forced_policies(db: None) -> None:
    """Every table of ours with policies that even its owner obeys, and nobody makes temporary tables."""
    with as_owner(), connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
            cursor.execute(f'CREATE POLICY test_everything ON "{table}" USING (true)')
        cursor.execute(f'REVOKE TEMPORARY ON DATABASE "{connection.settings_dict["NAME"]}" FROM PUBLIC')


@pytest.mark.usefixtures("forced_policies")
def test_an_import_writes_changes_and_repeats(run: Import) -> None:
    first = run(NORTHGATE)
    assert first.applied
    assert Student.objects.filter(marks__isnull=False).distinct().count() == 10
    Mark.objects.update(code="?")
    second = run(NORTHGATE)
    marks = next(f for f in second.files if f.kind == "attendance")
    assert (marks.made, marks.changed) == (0, Mark.objects.count())
    assert not Mark.objects.filter(code="?").exists()


@pytest.mark.usefixtures("forced_policies")
def test_the_demo_school_is_written_whole() -> None:
    counts = make_school(name="Elsewhere School", students=20, seed=1, today=dt.date(2026, 11, 22))
    assert School.objects.get().name == "Elsewhere School"
    assert Mark.objects.count() == counts["attendance.Mark"] > 0
    # Lists of words, which an array of arrays would have lost.
    assert TutorSession.objects.exclude(topics=[]).exists()
    assert not Mark.objects.exclude(code__regex=r"^([A-Z#/\\][12346]?)$").exists()
