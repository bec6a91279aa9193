"""Our migrate leaves the tables and the state that Django's own would, without making models anew for an index."""

from typing import Any

import pgtrigger
import pytest
from django.db import connection, models, transaction
from django.db.migrations import AddConstraint, AddIndex, CreateModel, Migration, RemoveConstraint, RemoveIndex
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from core.management.commands.migrate import Executor

pytestmark = pytest.mark.django_db
LISTS = ("indexes", "constraints", "triggers")


def migration(*operations: Any) -> Migration:
    made = Migration("0001_things", "things")
    made.operations = list(operations)
    return made


def things() -> Migration:
    fields = [("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=9))]
    return migration(CreateModel("Thing", fields))


def lists_changed() -> Migration:
    def index(name: str) -> models.Index:
        return models.Index(fields=["name"], name=name)

    def unique(name: str) -> models.UniqueConstraint:
        return models.UniqueConstraint(fields=["name"], name=name)

    def trigger(name: str) -> pgtrigger.Trigger:
        return pgtrigger.Protect(name=name, operation=pgtrigger.Delete)

    return migration(
        AddIndex("Thing", index("stays")),
        AddIndex("Thing", index("goes")),
        AddConstraint("Thing", unique("one")),
        AddConstraint("Thing", unique("gone")),
        AddTrigger("thing", trigger("kept")),
        AddTrigger("thing", trigger("lifted")),
        RemoveIndex("Thing", "goes"),
        RemoveConstraint("Thing", "gone"),
        RemoveTrigger("thing", "lifted"),
    )


def applied(executor: type[MigrationExecutor], *migrations: Migration) -> tuple[ProjectState, bool, list[str]]:
    """The state afterwards, whether the model was made anew, and what PostgreSQL has on the table; undone again."""
    state = ProjectState()
    assert len(state.apps.get_models()) == 0
    with transaction.atomic(), connection.cursor() as cursor:
        made, changed = migrations
        state = executor(connection).apply_migration(state, made)
        before = state.apps.get_model("things", "Thing")
        assert before._meta.total_unique_constraints == []
        state = executor(connection).apply_migration(state, changed)
        cursor.execute(
            "SELECT indexname::text FROM pg_indexes WHERE tablename = 'things_thing' UNION"
            " SELECT split_part(tgname, '_', 2) FROM pg_trigger WHERE tgrelid = 'things_thing'::regclass ORDER BY 1"
        )
        there = [name for (name,) in cursor.fetchall()]
        transaction.set_rollback(True)
    return state, state.apps.get_model("things", "Thing") is not before, there


def test_lists_in_a_models_options_are_set_where_it_stands() -> None:
    both = things(), lists_changed()
    (quick, anew, there), (slow, slowly, as_ever) = applied(Executor, *both), applied(MigrationExecutor, *both)
    assert (anew, slowly) == (False, True)
    assert there == as_ever == ["kept", "one", "stays", "things_thing_pkey"]
    assert quick == slow
    mine, djangos = (state.apps.get_model("things", "Thing")._meta for state in (quick, slow))
    for name in LISTS:
        assert [one.name for one in getattr(mine, name)] == [one.name for one in getattr(djangos, name)]
    assert [one.name for one in mine.total_unique_constraints] == ["one"]
