"""A chair of governors knows no student, so they stand in for nobody: a cover would give them a group."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("tutoring.groups.migrations.0014_cover_ends_with_the_role")
WITH_DEPTH = BEFORE.SOUND.replace(BEFORE.PEOPLE, f"{BEFORE.PEOPLE} OR pg_trigger_depth() > 1", 1)
AS_DEFINER = "SET LOCAL ROLE waymark_definer; {function} SET LOCAL ROLE waymark_owner;"
WORKS_HERE = "w.role <> 'contributor'"
assert WORKS_HERE in WITH_DEPTH  # noqa: S101 (else nothing would change)


class Migration(migrations.Migration):
    dependencies = [("groups", "0015_known_once")]
    operations = [
        migrations.RunSQL(
            AS_DEFINER.format(function=WITH_DEPTH.replace(WORKS_HERE, "w.role NOT IN ('contributor', 'chair')")),
            AS_DEFINER.format(function=WITH_DEPTH),
        )
    ]
