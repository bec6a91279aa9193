"""No missing migration, no conflict, none that cannot be undone, each with a name that says something."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

from tests.conventions.test_models import OURS

LABELS = {config.label for config in OURS}


@pytest.mark.django_db
def test_nothing_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


@pytest.mark.django_db
def test_no_conflicts_and_everything_can_be_undone() -> None:
    loader = MigrationLoader(connection)
    assert loader.detect_conflicts() == {}
    ours = {key: m for key, m in loader.disk_migrations.items() if key[0] in LABELS}
    assert ours
    for (label, name), migration in ours.items():
        assert "auto_" not in name, f"{label}.{name}: give it a name that says what it does."
        for operation in migration.operations:
            if isinstance(operation, RunPython | RunSQL):
                assert operation.reversible, f"{label}.{name} cannot be undone."
