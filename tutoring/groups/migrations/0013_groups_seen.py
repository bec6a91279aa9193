"""What Today asks dozens of times in one statement costs less: a plain no, and which groups hold students one sees.

`guard.sees_all` says no as the note of what is known says it, before it is checked: whoever wrote a note of their own,
or left one of another actor, has less by it and never more, as `guard.students_seen` beside it checks. A yes is
checked as before. Registers, planner checks and tutorials are of groups: which of them, is kept with the students of a
role, where each policy searched all places of the school.
"""

from importlib import import_module

from django.db import migrations

from core.rls import as_before

sight = import_module("tutoring.groups.migrations.0002_sight")
earlier = import_module("tutoring.groups.migrations.0006_sight_one_note_a_role")
short = import_module("tutoring.groups.migrations.0009_short_notes")

SEES_ALL = f"""
CREATE OR REPLACE FUNCTION guard.sees_all(wanted text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE note text := current_setting('waymark.known', true);
BEGIN
  IF note <> '' AND strpos(note, ';' || {short.CODE.format("wanted")} || '=*') = 0 THEN
    RETURN false;
  END IF;
  RETURN guard.whom(wanted) = '*';
END $$;
"""
# Whoever reaches a whole school has no list, nor has what is not kept (as in `students_seen`): then it is worked out.
GROUPS_SEEN = """
CREATE FUNCTION guard.groups_seen(wanted text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept bigint := nullif(split_part(guard.known(), '|', 6), '')::bigint;
  whom text := guard.whom(wanted);
  today date;
BEGIN
  RETURN QUERY SELECT unnest(l.groups) FROM guard.sight_list l
                WHERE l.sight = kept AND l.role = ANY (string_to_array(whom, ','));
  IF NOT FOUND AND whom <> '' THEN
    today := (guard.checked()).on_day;
    RETURN QUERY SELECT DISTINCT m.group_id FROM public.groups_groupmembership m
      WHERE m.starts_on <= today AND (m.ends_on IS NULL OR m.ends_on >= today)
        AND m.student_id IN (SELECT guard.students_seen(wanted));
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION guard.groups_seen(text) TO waymark_owner, waymark_web;
"""
KEPT = "SELECT mine.id, r.role, array_agg(r.student_id) FROM guard.reach(mine.person, on_day) r"
WITH_GROUPS = """SELECT mine.id, r.role, array_agg(r.student_id),
           array_agg(DISTINCT g.group_id) FILTER (WHERE g.group_id IS NOT NULL)
      FROM guard.reach(mine.person, on_day) r
      LEFT JOIN public.groups_groupmembership g ON g.student_id = r.student_id AND g.starts_on <= on_day
           AND (g.ends_on IS NULL OR g.ends_on >= on_day)"""
assert KEPT in short.WORK_OUT  # noqa: S101 (else nothing would be kept)
DO = (
    "ALTER TABLE guard.sight_list ADD COLUMN IF NOT EXISTS groups uuid[];"
    + short.EMPTY  # what is kept has no groups
    + short.WORK_OUT.replace(KEPT, WITH_GROUPS)
    + SEES_ALL
    + GROUPS_SEEN
)
# The column stays, empty: dropping one would lock out whoever still asks.
UNDO = as_before(sight.REACH, "sees_all") + short.WORK_OUT + "DROP FUNCTION guard.groups_seen(text);"


class Migration(migrations.Migration):
    dependencies = [("groups", "0012_one_group_a_day")]
    operations = [migrations.RunSQL(earlier.as_definer(DO), earlier.as_definer(UNDO))]
