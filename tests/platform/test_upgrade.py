"""An upgrade of a school that is in use: the last migration of each app, back and forth, with rows in the tables.

Elsewhere migrations run on empty tables, where a constraint that no row keeps, or a row that no trigger lets pass, goes
unnoticed.
"""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from core.management.commands.migrate import Executor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sweep]
# Everything that migrations make, a line each: what tables hold, what holds them, who may, and what is done of itself.
STRUCTURE = """
SELECT 'column', attrelid::regclass::text, attname::text, format_type(atttypid, atttypmod) || attnotnull::text
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
 WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'v') AND relnamespace IN {ours}
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace IN {ours} AND contype <> 't'
UNION ALL SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace IN {ours}
UNION ALL SELECT 'policy', tablename::text, policyname::text, concat(cmd, roles, qual, with_check)
  FROM pg_policies
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid)
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', oid::regprocedure::text, proacl::text, md5(prosrc)
  FROM pg_proc WHERE pronamespace IN {ours}
UNION ALL SELECT 'rights', oid::regclass::text, '', relacl::text
  FROM pg_class WHERE relnamespace IN {ours} AND relkind IN ('r', 'v')
""".format(ours="(SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'guard'))")


def structure() -> set[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(STRUCTURE)
        return set(cursor.fetchall())


def our_apps() -> list[str]:
    root = Path(settings.BASE_DIR)
    ours = (app for app in apps.get_app_configs() if Path(app.path).is_relative_to(root))
    return [app.label for app in ours if (Path(app.path) / "migrations").is_dir() and ".venv" not in app.path]


def last_steps(executor: MigrationExecutor) -> list[Migration]:
    """The last migration of each app of ours, in their order; only those that no other than these stands on."""
    graph = executor.loader.graph
    last = {leaf for label in our_apps() for leaf in graph.leaf_nodes(label)}
    while carrying := {one for one in last if {child.key for child in graph.node_map[one].children} - last}:
        last -= carrying
    plan = executor.migration_plan(graph.leaf_nodes(), clean_start=True)
    return [step for step, _ in plan if (step.app_label, step.name) in last]


def rows() -> dict[str, int]:
    """How many each table that is there now holds, but for the list of migrations."""
    counted = {}
    with connection.cursor() as cursor:
        for table in {*connection.introspection.table_names(cursor)} - {"django_migrations"}:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counted[table] = int(cursor.fetchone()[0])
    return counted


def test_the_last_step_of_every_app_goes_back_and_forth_with_a_school_in_it() -> None:
    call_command("make_demo_school", students=60, seed=1, verbosity=0)
    fresh = structure()
    assert rows()["diary_appointment"] > 0
    executor = Executor(connection)
    steps = last_steps(executor)
    assert len(steps) > 15
    executor.migrate([], plan=[(step, True) for step in reversed(steps)])
    kept = rows()
    executor = Executor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    again = rows()
    assert {table: again.get(table) for table in kept} == kept
    assert structure() == fresh
