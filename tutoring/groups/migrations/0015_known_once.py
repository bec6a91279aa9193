"""Which groups one sees costs one check of what is known of the actor, not two: Today asks it five times."""

from importlib import import_module

from django.db import migrations

earlier = import_module("tutoring.groups.migrations.0006_sight_one_note_a_role")
short = import_module("tutoring.groups.migrations.0009_short_notes")
before = import_module("tutoring.groups.migrations.0013_groups_seen")

TWICE = """
  kept bigint := nullif(split_part(guard.known(), '|', 6), '')::bigint;
  whom text := guard.whom(wanted);"""
ONCE = f"""
  known text := guard.known();
  kept bigint := nullif(split_part(known, '|', 6), '')::bigint;
  whom text := split_part(split_part(known, ';' || {short.CODE.format("wanted")} || '=', 2), ';', 1);"""
AS_IT_WAS = before.GROUPS_SEEN.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
assert TWICE in AS_IT_WAS  # noqa: S101 (else nothing would change)


class Migration(migrations.Migration):
    dependencies = [("groups", "0014_cover_ends_with_the_role")]
    operations = [
        migrations.RunSQL(earlier.as_definer(AS_IT_WAS.replace(TWICE, ONCE)), earlier.as_definer(AS_IT_WAS))
    ]
